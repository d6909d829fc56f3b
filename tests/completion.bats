# Completions for bash and zsh, made from the tables of options.
load helpers

# completed WORD...: what bash offers for the last word.
completed() {
    # shellcheck source=/dev/null
    source "$B/completion/bash/vol"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _vol "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "${COMPREPLY[*]}"
}

@test "bash: every option of every program, by name and by letter" {
    local program options
    # shellcheck source=/dev/null
    source "$B/completion/bash/vol"
    for program in "$B"/completion/../vol* "$B/tiff2vol"; do
        [ -x "$program" ] && [ -f "$program" ] || continue
        program=$(basename "$program")
        options=$("$program" --help | sed -n 's/^ \{2,6\}\(-[A-Za-z], \)\{0,1\}\(--[a-z0-9-]*\).*/\1\2/p' | tr -d ' ' | tr ',' '\n' | sort)
        [ "$(completed "$program" - | tr ' ' '\n' | sort)" = "$options" ] || { echo "in $program"; return 1; }
        [[ "$(complete -p "$program")" == *"-F _vol $program" ]]
    done
}

@test "bash: words of an option, however it is given" {
    [ "$(completed vol2html --dep)" = --depth ]
    [ "$(completed vol2html --depth '')" = "8 16" ]
    [ "$(completed vol2html --depth = 1)" = 16 ] # as bash splits --depth=1
    [ "$(completed vol2html --depth =)" = "8 16" ]
    [ "$(completed vol2png -a r)" = row ]
    [ "$(completed vol2png --window per)" = percentile: ]
    [ "$(completed volgamma -g '')" = "" ]
    [ "$(completed "$B/volmedian" --edge n)" = nearest ]
}

@test "bash: files of the kind that a program reads, and folders" {
    touch a.nrrd b.tif c.TIF d.txt
    mkdir folder
    [ "$(completed volgamma '' | tr ' ' '\n' | sort | xargs)" = "a.nrrd folder" ]
    [ "$(completed tiff2vol '' | tr ' ' '\n' | sort | xargs)" = "b.tif c.TIF d.txt folder" ] # d.txt may name the planes
    [ "$(completed volgamma -o b)" = b.tif ]
    [ "$(completed volmedian --mask a)" = a.nrrd ]
}

# offered WORD...: the same, each in brackets.
offered() {
    completed "$@" >/dev/null
    [ ${#COMPREPLY[@]} -eq 0 ] || printf '[%s]' "${COMPREPLY[@]}"
}

@test "bash: names with blanks, lines, quotes and other characters are one word, however they are begun" {
    local name
    for name in 'a b.nrrd' $'a\nc.nrrd' "a'd.nrrd" 'a"e.nrrd' 'a\f.nrrd' 'a*g.nrrd' 'a$h.nrrd'; do
        touch -- "$name"
        [ "$(offered volgamma "${name:0:1}\\${name:1:2}")" = "[$name]" ] || { printf 'not %q\n' "$name"; return 1; }
    done
    [ "$(offered volgamma a)" = $'[a\nc.nrrd][a b.nrrd][a"e.nrrd][a$h.nrrd][a\'d.nrrd][a*g.nrrd][a\\f.nrrd]' ]
    [ "$(offered volgamma --mask "'a b")" = "[a b.nrrd]" ]
    [ "$(offered volgamma '"a b')" = "[a b.nrrd]" ]
    [ "$(HOME=$PWD offered volgamma '~/a\ ')" = "[~/a b.nrrd]" ]
    mkdir 'f g'
    touch 'f g/h i.nrrd'
    [ "$(offered volgamma 'f\ g/')" = "[f g/h i.nrrd]" ]
    [ "$(offered volgamma 'f g/none')" = "" ]
}

@test "zsh: options, words and files" {
    need zsh
    touch n.nrrd m.tif
    cat >ask.zsh <<'END'
zmodload zsh/zpty
setopt extended_glob
# until_there TEXT: what the shell has written, once the text is there or 20 seconds have passed
until_there() {
    local got more
    for i in {1..1000}; do
        while zpty -r -t shell more; do got+=$more; done
        [[ ${got//$'\e'\[[0-9;?]#[A-Za-z]/} != *$1* ]] || break
        sleep 0.02
    done
    print -r -- "$got"
}
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -d ./dump; cd $PWD; stty cols 200; print rea''dy"
until_there ready
for asked found in 'vol2html --wind' 'vol2html --window=' 'vol2html --depth=1' 'vol2html --depth=16' 'vol2html -w minm' \
    'vol2html -w minmax' 'volgamma n' 'volgamma n.nrrd' 'tiff2vol m' 'tiff2vol m.tif' 'volmath "a" n' 'volmath "a" n.nrrd'; do
    zpty -w -n shell $'\C-u'$asked$'\t'
    until_there $found
done
zpty -d shell
END
    timeout 60 zsh ask.zsh "$B/completion/zsh" | sed 's/\x1b\[[0-9;?]*[A-Za-z]//g' >said
    cat -v said
    for found in 'vol2html --window=' 'vol2html --depth=16' 'vol2html -w minmax' 'volgamma n.nrrd' 'tiff2vol m.tif' 'volmath "a" n.nrrd'; do
        grep -qF -e "$found" said || { echo "no '$found'"; return 1; }
    done
}
