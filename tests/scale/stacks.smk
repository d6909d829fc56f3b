# Many stacks with Snakemake, each a job of its own: from IN/*.tif to OUT/*.nrrd, and a page for each.
#
#   snakemake -s stacks.smk --cores 8 --keep-going --config in=stacks out=done
#
# --keep-going: a stack that fails harms no other; its message is in OUT/NAME.log. After a kill: --unlock,
# then the same with --rerun-incomplete.
IN, OUT = config.get("in", "stacks"), config.get("out", "done")
PIPE = config.get("pipe", "volmedian --size 3 | volclip -q 0.5,99.5")
NAMES, = glob_wildcards(IN + "/{name}.tif")

rule all:
    input: expand(OUT + "/{name}.{kind}", name=NAMES, kind=["nrrd", "html"])

rule stack:
    input: IN + "/{name}.tif"
    output: OUT + "/{name}.nrrd"
    log: OUT + "/{name}.log"
    shell: "{{ tiff2vol {input:q} | {PIPE} -o {output:q}; }} 2>{log:q}"

rule page:
    input: OUT + "/{name}.nrrd"
    output: OUT + "/{name}.html"
    shell: "vol2html --title {wildcards.name:q} {input:q} -o {output:q}"
