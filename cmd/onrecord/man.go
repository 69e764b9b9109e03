package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

type manCommand struct{}

// Help implements [kong.HelpProvider].
func (manCommand) Help() string {
	return "onrecord man > /usr/local/share/man/man1/onrecord.1\nonrecord man | man -l -"
}

// Run writes the manual page in the macros of man(7), from what --help shows.
func (manCommand) Run(t *terminal, k *kong.Kong) error {
	w := &strings.Builder{}
	fmt.Fprintf(w, ".TH ONRECORD 1 \"\" %q\n.SH NAME\nonrecord \\- posts each new statement of the people in a legal case\n.SH SYNOPSIS\n.B onrecord\n.I command\n[\\fIoptions\\fR]\n", "onrecord "+version)
	fmt.Fprintf(w, ".SH DESCRIPTION\n%s\n.SH COMMANDS\n", roff(k.Model.Help))
	manCommands(w, k.Model.Node)
	fmt.Fprint(w, `.SH EXIT STATUS
0 good, 1 failed, 2 wrong usage or configuration.
.SH ENVIRONMENT
.TP
.B ONRECORD_CONFIG
The configuration file, where \-\-config names none.
.TP
.B NO_COLOR
When set, nothing is coloured.
.SH SIGNALS
.B run
ends on SIGINT and SIGTERM within five seconds, and reads its configuration again on SIGHUP.
`)
	_, err := io.WriteString(t.out, w.String())
	return err
}

// manCommands writes the commands of a node, each with its options.
func manCommands(w io.Writer, n *kong.Node) {
	for _, c := range n.Children {
		if c.Type != kong.CommandNode || c.Hidden {
			continue
		}
		var arguments strings.Builder
		for _, p := range c.Positional {
			fmt.Fprintf(&arguments, " %s", p.Summary())
		}
		fmt.Fprintf(w, ".SS %s\n%s\n", roff(strings.TrimPrefix(c.FullPath(), "onrecord ")+arguments.String()), roff(c.Help))
		if c.Detail != "" {
			fmt.Fprintf(w, ".PP\n%s\n", roff(c.Detail))
		}
		for _, p := range c.Positional {
			fmt.Fprintf(w, ".TP\n.I %s\n%s\n", roff(p.Name), roff(p.Help))
		}
		for _, f := range c.Flags {
			if f.Hidden || f.Name == "help" {
				continue
			}
			name := "--" + f.Name
			if f.Short != 0 {
				name = fmt.Sprintf("-%c, %s", f.Short, name)
			}
			if !f.IsBool() {
				name += "=" + strings.ToUpper(cmp.Or(f.PlaceHolder, f.Name))
			}
			fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(name), roff(f.Help))
		}
		manCommands(w, c)
	}
}

// roff keeps a text from being read as macros.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n\n", "\n.PP\n", "\n", "\n.br\n").Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if line != ".PP" && line != ".br" && (strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'")) {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
