package main

import (
	"fmt"
	"io"
	"reflect"
	"strings"
)

type manCommand struct{}

// Help implements [helper].
func (manCommand) Help() string {
	return "onrecord man > /usr/local/share/man/man1/onrecord.1\nonrecord man | man -l -"
}

// Run writes the manual page in the macros of man(7), from what --help shows.
func (manCommand) Run(t *terminal) error {
	w := &strings.Builder{}
	fmt.Fprintf(w, ".TH ONRECORD 1 \"\" %q\n.SH NAME\nonrecord \\- posts each new statement of the people in a legal case\n.SH SYNOPSIS\n.B onrecord\n.I command\n[\\fIoptions\\fR]\n", "onrecord "+version)
	fmt.Fprintf(w, ".SH DESCRIPTION\n%s\n.SH COMMANDS\n", roff(introduction))
	for _, c := range commands()[1:] {
		c.manual(w)
	}
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

// manual writes what the command does, its arguments and its options.
func (c commandLine) manual(w io.Writer) {
	fmt.Fprintf(w, ".SS %s\n%s\n", roff(c.usage()), roff(c.about()))
	for _, v := range fields(reflect.ValueOf(c.does).Elem()) {
		fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(v.listed()), roff(v.about()))
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
