package main

import (
	"fmt"
	"strings"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help implements [helper].
func (completionCommand) Help() string {
	return `bash: onrecord completion bash > /etc/bash_completion.d/onrecord
zsh: onrecord completion zsh > "${fpath[1]}/_onrecord"
fish: onrecord completion fish > ~/.config/fish/completions/onrecord.fish`
}

func (c completionCommand) Run(t *terminal) error {
	switch c.Shell {
	case "fish":
		return fish(t)
	case "zsh":
		fmt.Fprintln(t.out, "#compdef onrecord\nautoload -U +X bashcompinit && bashcompinit")
	}
	return bash(t)
}

// bash completes by the longest command that is typed so far; what is no option or
// command is a file.
func bash(t *terminal) error {
	fmt.Fprintln(t.out, `_onrecord() {
    local cur="${COMP_WORDS[COMP_CWORD]}" path="" word words=""
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$word" in -*) ;; *) path="${path:+$path }$word" ;; esac
    done
    while :; do
        case "$path" in`)
	for _, c := range commands() {
		words := c.words()
		for _, v := range c.values() {
			if !v.is("arg") {
				words = append(words, "--"+v.name)
			}
		}
		fmt.Fprintf(t.out, "        %q) words=%q; break ;;\n", c.name, strings.Join(words, " "))
	}
	_, err := fmt.Fprintln(t.out, `        esac
        case "$path" in *" "*) path="${path% *}" ;; *) path="" ;; esac
    done
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$cur"))
}
complete -o filenames -F _onrecord onrecord`)
	return err
}

func fish(t *terminal) error {
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" }
	for _, c := range commands() {
		when := "__fish_use_subcommand"
		if c.name != "" {
			when = "__fish_seen_subcommand_from " + c.word()
		}
		complete := func(kind, word, help string) {
			fmt.Fprintf(t.out, "complete -c onrecord -n %s %s %s -d %s\n", quote(when), kind, quote(word), quote(help))
		}
		for _, inner := range c.within() {
			complete("-a", inner.word(), inner.help)
		}
		for _, v := range c.values() {
			if !v.is("arg") {
				complete("-l", v.name, v.about())
			}
		}
	}
	return nil
}
