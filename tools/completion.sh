#!/bin/sh
# completion.sh bash|zsh PROGRAM...   a completion for the programs, from the tables of their options
set -eu

shell=$1
shift

tables() {
    for program; do
        echo "program	$(basename "$program")"
        "$program" --print-options
    done
}

bash_completion() {
    cat <<'END'
# bash completion for the vol programs, made from the tables of their options.

# Options of a program: its letters and names.
_vol_options() {
    case $1 in
END
    tables "$@" | awk -F '\t' '
        /^program\t/ { if (list) print list "\" ;;"; list = "    " $2 ") echo \""; gap = ""; getline; next }
        { list = list gap ($1 != "" ? "-" $1 " " : "") "--" $2; gap = " " }
        END { print list "\" ;;" }'
    cat <<'END'
    esac
}

# What the argument of an option may be: words; FILE, a file; ANY, something else; nothing for a flag.
_vol_arguments() {
    case $1:$2 in
END
    tables "$@" | awk -F '\t' '
        /^program\t/ { program = $2; getline; next }
        $3 == "" { next }
        {
            words = $4 != "" ? $4 : $3 ~ /FILE|STATS/ ? "FILE" : "ANY"
            print "    " program ":--" $2 ($1 != "" ? " | " program ":-" $1 : "") ") echo \"" words "\" ;;"
        }'
    cat <<'END'
    esac
}

_vol() {
    local program=${1##*/} word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} words
    # --name=value arrives as three words
    if [[ $word == = ]]; then
        word=
    elif [[ $option == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $word == --*=* ]]; then
        option=${word%%=*} word=${word#*=}
    fi
    words=$(_vol_arguments "$program" "$option")
    COMPREPLY=()
    case $words in
    ANY) ;;
    FILE) _vol_files "$word" ;;
    ?*) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word") ;;
    '')
        if [[ $word == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$(_vol_options "$program")" -- "$word")
        else
            _vol_files "$word" "$program"
        fi
        ;;
    esac
}

# The files that the word may become, perhaps only those that a program reads. compgen is not asked: it
# writes a line for each, and a name may have several.
_vol_files() {
    local rest=$1 begin='' where file
    [[ $rest != [\'\"]* ]] || rest=${rest:1}
    while [[ $1 != \'* && $rest == *\\* ]]; do
        begin+=${rest%%\\*} rest=${rest#*\\}
        begin+=${rest:0:1} rest=${rest:1}
    done
    begin+=$rest where=$begin
    [[ $1 != \~/* ]] || where=$HOME/${begin:2}
    for file in "$where"*; do
        [[ -e $file || -L $file ]] || continue
        [[ -d $file || -z ${2-} ]] || _vol_reads "$2" "${file,,}" || continue
        COMPREPLY+=("$begin${file:${#where}}")
    done
}

# Whether a program reads files of such a name, in small letters.
_vol_reads() {
    case $1:$2 in
    tiff2vol:*.tif | tiff2vol:*.tiff | tiff2vol:*.lsm | tiff2vol:*.stk | tiff2vol:*.btf | tiff2vol:*.tf8) ;;
    tiff2vol:*.nd | tiff2vol:*.xml | tiff2vol:*.txt) ;;
    tiff2vol:*) return 1 ;;
    volinfo:*.tif | volinfo:*.tiff | volinfo:*.lsm | volinfo:*.stk | volinfo:*.btf | volinfo:*.tf8) ;;
    volhist:*.stats | volstats:*.stats | *:*.nrrd) ;;
    *) return 1 ;;
    esac
}

END
    printf 'complete -o filenames -F _vol'
    for program; do printf ' %s' "$(basename "$program")"; done
    echo
}

zsh_completion() {
    printf '#compdef'
    for program; do printf ' %s' "$(basename "$program")"; done
    cat <<'END'

# zsh completion for the vol programs, made from the tables of their options.

local volumes='_files -g "*.nrrd(-.)"' stacks='_files -g "(#i)*.(tif|tiff|lsm|stk|btf|tf8|nd|xml|txt)(-.)"'
local both='_files -g "(#i)*.(nrrd|tif|tiff|lsm|stk|btf|tf8)(-.)"' counts='_files -g "*.(nrrd|stats)(-.)"'

case $service in
END
    tables "$@" | awk -F '\t' -v quote="'" '
        function plain(text) { # inside the brackets of a specification in single quotes
            sub(/ \(default.*/, "", text)
            gsub(/\\/, "\\\\&", text)
            gsub(/\[/, "\\\\&", text)
            gsub(/]/, "\\\\&", text)
            gsub(/:/, "\\\\&", text)
            gsub(quote, quote "\\" quote quote, text)
            return text
        }
        function finish() {
            if (!program) return
            files = program == "tiff2vol" ? "$stacks" : program == "volinfo" ? "$both" : program ~ /^vol(hist|stats)$/ ? "$counts" : "$volumes"
            if (program == "volmath") print "        \"1:expression:\" \\"
            print "        \"*:file:" files "\" ;;"
        }
        /^program\t/ { finish(); program = $2; getline; print program ")"; print "    _arguments -s -S \\"; next }
        {
            name = "--" $2; letter = $1 != "" ? "-" $1 : ""
            help = "[" plain($5) "]"
            action = ""
            if ($3 != "") {
                words = $4
                gsub(/:/, "\\\\:", words)
                action = ":" plain($3) ":" ($4 != "" ? "(" words ")" : $3 ~ /FILE|STATS/ ? "_files" : "")
                name = name "="
                letter = letter != "" ? letter "+" : ""
            }
            sub(/=$/, "", $2)
            if (letter != "")
                print "        " quote "(-" $1 " --" $2 ")" quote "{" letter "," name "}" quote help action quote " \\"
            else
                print "        " quote name help action quote " \\"
        }
        END { finish() }'
    echo 'esac'
}

case $shell in
bash) bash_completion "$@" ;;
zsh) zsh_completion "$@" ;;
*)
    echo "usage: completion.sh bash|zsh PROGRAM..." >&2
    exit 2
    ;;
esac
