# bash completion for tiff2vol and the vol programs: options and their words come from --help.
_vol() {
    local program=$1 word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words
    if [[ $before == --* ]]; then
        words=$("$program" --help 2>/dev/null |
            sed -n "s/^.*$before \([a-z0-9]*|[a-z0-9|]*\).*/\1/p" | tr '|' ' ')
    fi
    if [[ $word == -* ]]; then
        words=$("$program" --help 2>/dev/null | sed -n 's/^ .\{0,5\}\(--[a-z0-9-]*\).*/\1/p')
    fi
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -o filenames -F _vol tiff2vol vol2html vol2png vol2tiff voladjust volaxes volbin volcat volclahe volclip volcrop voleq volgamma volgauss volhist volinfo volmatch volmath volmedian volproject volset volthreshold
