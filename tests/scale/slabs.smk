# One volume in slabs with Snakemake: statistics of each, merged, applied to each, joined. The result is
# that of the whole volume, to the byte.
#
#   snakemake -s slabs.smk --cores 8 --config in=cells.nrrd slabs=16 filter='voleq --stats' out=equalized
#
# After a kill: --unlock, then the same with --rerun-incomplete.
OUT = config.get("out", "slabs")
SLABS = int(config.get("slabs", 4))
FILTER = config.get("filter", "voleq --stats")
NUMBERS = [f"{k:06}" for k in range(1, SLABS + 1)]
part = lambda wildcards: f"{int(wildcards.k)}/{SLABS}"

rule whole:
    input: expand(OUT + "/{k}.nrrd", k=NUMBERS)
    output: OUT + "/whole.nrrd"
    shell: "volcat {input:q} -o {output:q}"

rule apply:
    input: volume=config["in"], stats=OUT + "/whole.stats"
    output: temp(OUT + "/{k,[0-9]+}.nrrd")
    params: part=part
    shell: "volcrop --part {params.part} {input.volume:q} | {FILTER} {input.stats:q} -o {output:q}"

rule merge:
    input: expand(OUT + "/{k}.stats", k=NUMBERS)
    output: OUT + "/whole.stats"
    shell: "volstats --merge {input:q} -o {output:q}"

rule count:
    input: config["in"]
    output: temp(OUT + "/{k,[0-9]+}.stats")
    params: part=part
    shell: "volcrop --part {params.part} {input:q} | volstats -o {output:q}"
