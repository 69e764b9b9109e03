package main

import (
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"onrecord/internal/config"
	"onrecord/notifiers/console"
)

// commandLine is what a user can type. Its options and arguments are the fields of what
// it does; from their tags the parser knows them, the help, the completion and the manual:
//
//	help         what it is for
//	placeholder  what stands for its value
//	name, short  how it is typed, where the field's name is not enough
//	default      its value when none is given; env: the variable that says otherwise
//	enum         the values there are
//	required     it must be given
//	arg          it is an argument, which must be given unless there is a default
type commandLine struct {
	name string // as it is typed, such as "outbox resend"
	help string
	does interface{ Run(*terminal) error }
}

// helper has more to say than one sentence.
type helper interface{ Help() string }

// about is all that is said of it.
func (c commandLine) about() string {
	if more, ok := c.does.(helper); ok {
		return c.help + "\n\n" + more.Help()
	}
	return c.help
}

// chosen is the command that a command line begins with, and what follows it.
func chosen(line []string) (commandLine, []string) {
	all := commands()
	for n := min(len(line), 2); ; n-- {
		name := strings.Join(line[:n], " ")
		if i := slices.IndexFunc(all, func(c commandLine) bool { return c.name == name }); i >= 0 {
			return all[i], line[n:]
		}
	}
}

// within are the commands whose names are one word longer.
func (c commandLine) within() (list []commandLine) {
	for _, other := range commands() {
		if rest, longer := strings.CutPrefix(" "+other.name, strings.TrimRight(" "+c.name, " ")+" "); longer && rest != "" && !strings.Contains(rest, " ") {
			list = append(list, other)
		}
	}
	return list
}

// word is the last of its name.
func (c commandLine) word() string { return c.name[strings.LastIndexByte(c.name, ' ')+1:] }

// words are those of the commands within.
func (c commandLine) words() (list []string) {
	for _, inner := range c.within() {
		list = append(list, inner.word())
	}
	return list
}

// value is a field that a command line sets.
type value struct {
	field reflect.Value
	tag   reflect.StructTag
	name  string
	given bool
}

// values are the options of the command, and its arguments in their order.
func (c commandLine) values() []*value {
	var help struct {
		Help bool `short:"h" help:"Say what the command does, and how."`
	}
	return append(fields(reflect.ValueOf(c.does).Elem()), fields(reflect.ValueOf(&help).Elem())...)
}

func fields(of reflect.Value) (list []*value) {
	for i := range of.NumField() {
		field := of.Type().Field(i)
		if field.Anonymous {
			list = append(list, fields(of.Field(i))...)
			continue
		}
		list = append(list, &value{field: of.Field(i), tag: field.Tag, name: cmp.Or(field.Tag.Get("name"), strings.ToLower(field.Name))})
	}
	return list
}

func (v *value) is(tag string) bool { _, has := v.tag.Lookup(tag); return has }

// must says that it has to be given.
func (v *value) must() bool { return v.is("required") || v.is("arg") && !v.is("default") }

// String implements [pflag.Value].
func (v *value) String() string { return v.tag.Get("default") }

// Type implements [pflag.Value]: it is what stands for a value in the help.
func (v *value) Type() string {
	if v.field.Kind() == reflect.Bool {
		return "bool"
	}
	return cmp.Or(v.tag.Get("placeholder"), strings.ToUpper(v.name))
}

// Set implements [pflag.Value].
func (v *value) Set(text string) (err error) {
	v.given = true
	if enum := v.tag.Get("enum"); enum != "" && !slices.Contains(strings.Split(enum, ","), text) {
		return fmt.Errorf("must be one of %s, not %q", strings.Trim(enum, ","), text)
	}
	switch field := v.field.Addr().Interface().(type) {
	case *string:
		*field = text
	case *[]string:
		*field = append(*field, text)
	case *bool:
		if *field, err = strconv.ParseBool(text); err != nil {
			return fmt.Errorf("must be true or false, not %q", text)
		}
	case *int:
		if *field, err = strconv.Atoi(text); err != nil {
			return fmt.Errorf("must be a whole number, not %q", text)
		}
	case encoding.TextUnmarshaler:
		return field.UnmarshalText([]byte(text))
	default:
		panic(fmt.Sprintf("%s: a command line sets no %T", v.name, field)) // unreachable unless a command is malformed; every help would show it
	}
	return nil
}

// shown is how it is typed.
func (v *value) shown() string {
	switch {
	case v.is("arg") && v.must():
		return "<" + v.name + ">"
	case v.is("arg"):
		return "[<" + v.name + ">]"
	case v.Type() == "bool":
		return "--" + v.name
	}
	return "--" + v.name + "=" + v.Type()
}

// listed is how it is typed, with its letter.
func (v *value) listed() string {
	if short := v.tag.Get("short"); short != "" {
		return "-" + short + ", " + v.shown()
	}
	return v.shown()
}

// about is what it is for, and what it is by default.
func (v *value) about() string {
	about, preset := v.tag.Get("help"), v.tag.Get("default")
	if env := v.tag.Get("env"); env != "" {
		preset = "$" + env + ", or " + preset
	}
	if preset != "" {
		about += " Default: " + preset + "."
	}
	return about
}

// parse fills in what was typed after the command's name, or says that help was asked for.
func (c commandLine) parse(typed []string) (help bool, err error) {
	values := c.values()
	options := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	options.Usage = func() {}
	for _, v := range values {
		switch {
		case v.is("arg"):
		case v.Type() == "bool":
			options.VarPF(v, v.name, v.tag.Get("short"), "").NoOptDefVal = "true"
		default:
			options.VarP(v, v.name, v.tag.Get("short"), "")
		}
	}
	if err := options.Parse(typed); err != nil {
		return false, explained(err, options)
	}
	arguments := options.Args()
	for _, v := range values {
		if v.is("arg") && len(arguments) > 0 {
			if err := v.Set(arguments[0]); err != nil {
				return false, fmt.Errorf("%s %w", v.shown(), err)
			}
			arguments = arguments[1:]
		}
	}
	if len(arguments) > 0 {
		return false, fmt.Errorf("unexpected argument %s%s", arguments[0], config.Suggest(arguments[0], c.words()))
	}
	if options.Changed("help") {
		return true, nil
	}
	for _, v := range values {
		preset := cmp.Or(os.Getenv(v.tag.Get("env")), v.tag.Get("default"))
		switch {
		case v.given:
		case v.must():
			return false, fmt.Errorf("%s is missing. %s", v.shown(), v.about())
		case preset != "":
			if err := v.Set(preset); err != nil {
				return false, fmt.Errorf("%s %w", v.shown(), err)
			}
		}
	}
	return false, nil
}

// explained says what is wrong with an option, and what would be right.
func explained(err error, options *pflag.FlagSet) error {
	var unknown *pflag.NotExistError
	var incomplete *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		typed := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			typed = typed[1:]
		}
		var known []string
		options.VisitAll(func(o *pflag.Flag) { known = append(known, "--"+o.Name) })
		return fmt.Errorf("unknown option %s%s", typed, config.Suggest(typed, known))
	case errors.As(err, &incomplete):
		v := incomplete.GetFlag().Value.(*value)
		return fmt.Errorf("%s needs a value. %s", v.shown(), v.about())
	case errors.As(err, &invalid):
		return fmt.Errorf("%s %w", invalid.GetFlag().Value.(*value).shown(), errors.Unwrap(invalid))
	}
	return err
}

// usage is how it is typed.
func (c commandLine) usage() string {
	words := strings.Fields(c.name)
	for _, v := range c.values() {
		if v.is("arg") || v.must() {
			words = append(words, v.shown())
		}
	}
	return strings.Join(words, " ")
}

// describe writes what --help shows.
func (c commandLine) describe(w io.Writer, width int) {
	fmt.Fprintf(w, "Usage: onrecord %s [options]\n\n", cmp.Or(c.usage(), "<command>"))
	for line := range strings.Lines(c.about()) {
		fmt.Fprintln(w, strings.Join(console.Wrap(line, width), "\n"))
	}
	var arguments, options, inner [][2]string
	for _, v := range c.values() {
		switch {
		case v.is("arg"):
			arguments = append(arguments, [2]string{v.shown(), v.about()})
		case v.is("short"):
			options = append(options, [2]string{v.listed(), v.about()})
		default:
			options = append(options, [2]string{"    " + v.listed(), v.about()})
		}
	}
	for _, other := range c.within() {
		inner = append(inner, [2]string{other.name, other.help})
	}
	glossary(w, width, "Arguments", arguments)
	glossary(w, width, "Options", options)
	glossary(w, width, "Commands", inner)
	if len(inner) > 0 {
		fmt.Fprintf(w, "\n`%s --help` says more about one of them.\n", strings.TrimSpace("onrecord "+c.name)+" <command>")
	}
}

// glossary writes what things are for beside how they are typed.
func glossary(w io.Writer, width int, title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", title)
	widest := 0
	for _, row := range rows {
		widest = max(widest, len(row[0]))
	}
	for _, row := range rows {
		typed := row[0]
		for _, line := range console.Wrap(row[1], width-widest-5) {
			fmt.Fprintf(w, "  %-*s   %s\n", widest, typed, line)
			typed = ""
		}
	}
}
