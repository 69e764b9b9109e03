package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help implements [kong.HelpProvider].
func (completionCommand) Help() string {
	return `bash: onrecord completion bash > /etc/bash_completion.d/onrecord
zsh: onrecord completion zsh > "${fpath[1]}/_onrecord"
fish: onrecord completion fish > ~/.config/fish/completions/onrecord.fish`
}

func (c completionCommand) Run(t *terminal, k *kong.Kong) error {
	words := wordsOf(k.Model.Node, nil)
	switch c.Shell {
	case "fish":
		return fish(t, words)
	case "zsh":
		fmt.Fprintln(t.out, "#compdef onrecord\nautoload -U +X bashcompinit && bashcompinit")
	}
	return bash(t, words)
}

// completed are the commands and options behind a command.
type completed struct {
	path  string // of the command, such as "outbox resend"; "" for onrecord itself
	words []kongWord
}

type kongWord struct{ word, help string }

// wordsOf lists what may follow each command, those within a command behind it.
func wordsOf(n *kong.Node, path []string) []completed {
	c := completed{path: strings.Join(path, " ")}
	all := []completed{}
	for _, child := range n.Children {
		if child.Type == kong.CommandNode && !child.Hidden {
			c.words = append(c.words, kongWord{child.Name, child.Help})
			all = append(all, wordsOf(child, append(slices.Clip(path), child.Name))...)
		}
	}
	for _, f := range n.Flags {
		if !f.Hidden {
			c.words = append(c.words, kongWord{"--" + f.Name, f.Help})
		}
	}
	return append([]completed{c}, all...)
}

// bash completes by the longest command that is typed so far; what is no option or
// command is a file.
func bash(t *terminal, all []completed) error {
	fmt.Fprintln(t.out, `_onrecord() {
    local cur="${COMP_WORDS[COMP_CWORD]}" path="" word words=""
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$word" in -*) ;; *) path="${path:+$path }$word" ;; esac
    done
    while :; do
        case "$path" in`)
	for _, c := range all {
		var words []string
		for _, w := range c.words {
			words = append(words, w.word)
		}
		fmt.Fprintf(t.out, "        %q) words=%q; break ;;\n", c.path, strings.Join(words, " "))
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

func fish(t *terminal, all []completed) error {
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" }
	for _, c := range all {
		when := "__fish_use_subcommand"
		if path := strings.Fields(c.path); len(path) > 0 {
			when = "__fish_seen_subcommand_from " + path[len(path)-1]
		}
		for _, w := range c.words {
			kind := "-a " + quote(w.word)
			if option, ok := strings.CutPrefix(w.word, "--"); ok {
				kind = "-l " + quote(option)
			}
			if _, err := fmt.Fprintf(t.out, "complete -c onrecord -n %s %s -d %s\n", quote(when), kind, quote(w.help)); err != nil {
				return err
			}
		}
	}
	return nil
}
