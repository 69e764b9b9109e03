package config

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"onrecord"
)

var personType = reflect.TypeFor[onrecord.Person]()

// decoder walks the nodes of a file into typed values. It goes on after a
// mistake, so that one run finds them all.
type decoder struct {
	*report
	env     func(string) (string, bool)
	read    func(path string) ([]byte, error)
	folder  string
	unset   map[string]bool // paths of values that are empty for lack of a variable
	keyless bool            // secrets that are not to be had are not given, and no mistake
	filled  map[string]bool // paths of values that come from variables
	secrets []string
	visits  int
}

// maxVisits bounds the walk: aliases let a small file stand for a huge one.
const maxVisits = 100_000

// file decodes a whole file and reports whether it is one at all.
func (d *decoder) file(data []byte, into *file) bool {
	root, problem := d.parse(data)
	if problem != nil {
		d.mistakes = Problems{*problem}
		return false
	}
	d.decode(root, reflect.ValueOf(into).Elem(), "")
	return d.visits <= maxVisits
}

// parse returns the root node, or why there is none: what is not YAML has one
// mistake, since nothing is certain behind it.
func (d *decoder) parse(data []byte) (*yaml.Node, *Problem) {
	fail := func(line, column int, message string) (*yaml.Node, *Problem) {
		p := d.problem(line, column, "", message)
		return nil, &p
	}
	if len(data) > maxFile {
		return fail(1, 1, fmt.Sprintf("is larger than %d KiB; a configuration is not", maxFile>>10))
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	d.lines[0] = strings.TrimPrefix(d.lines[0], "\ufeff")
	for i, line := range d.lines {
		if at := strings.IndexFunc(line, unreadable); at >= 0 {
			return fail(i+1, utf8.RuneCountInString(line[:at])+1, "is no readable text from here on; save the file as UTF-8 without control characters")
		}
		if lead := line[:len(line)-len(strings.TrimLeftFunc(line, unicode.IsSpace))]; strings.ContainsFunc(lead, wide) {
			return fail(i+1, utf8.RuneCountInString(lead[:strings.IndexFunc(lead, wide)])+1, "has a space here that is none to YAML, as word processors and web pages set it; indent with blanks")
		}
	}
	var document yaml.Node
	if err := yaml.Load([]byte(text), &document); err != nil {
		return fail(d.syntax(err))
	}
	if len(document.Content) == 0 || document.Content[0].Tag == "!!null" {
		return fail(1, 1, emptyFile)
	}
	return document.Content[0], nil
}

const emptyFile = "is empty; `onrecord init` writes a configuration to start from"

// wide is a space that is no blank.
func wide(r rune) bool { return unicode.IsSpace(r) && r > unicode.MaxASCII }

func unreadable(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) && r != '\t'
}

// decode reads a node into a value. Nothing, and a value that is empty for lack
// of a variable, leave the value as it is.
func (d *decoder) decode(n *yaml.Node, into reflect.Value, path string) {
	if !d.visit(n, path) {
		return
	}
	d.nodes[path] = n
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Tag == "!!null" {
		return
	}
	if w, ok := reflect.TypeAssert[*Web](into.Addr()); ok && n.Kind == yaml.ScalarNode && (n.Value == "off" || n.Value == "false") {
		w.Listen = "off"
		return
	}
	switch {
	case into.Type() == dateType || into.Kind() != reflect.Struct && into.Kind() != reflect.Map && into.Kind() != reflect.Slice:
		d.scalar(n, into, path)
	case into.Kind() == reflect.Slice:
		d.list(n, into, path)
	default:
		d.section(n, into, path)
	}
}

// visit counts a node, and stops the walk for good when there are too many.
func (d *decoder) visit(n *yaml.Node, path string) bool {
	d.visits++
	if d.visits == maxVisits+1 {
		d.misread(n, path, "is too much: aliases (*name) included, the file holds more than %d values", maxVisits)
	}
	return d.visits <= maxVisits
}

func (d *decoder) list(n *yaml.Node, into reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		d.misread(n, path, "must be a list: lines that begin with a dash, or [one, two]")
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		known := len(d.mistakes)
		d.decode(item, into.Index(i), at)
		if d.visits <= maxVisits && len(d.mistakes) == known && into.Index(i).IsZero() {
			d.misread(item, at, "is empty; fill it in or remove it")
		}
	}
}

// section decodes keys into the fields of a struct, or into the configurations
// of the kinds that a map holds.
func (d *decoder) section(n *yaml.Node, into reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		message := "must be a section: lines of key: value, or {key: value}"
		if into.Type() == personType && n.Kind == yaml.ScalarNode {
			message = "must be a section such as {name: " + value(n.Value) + ", role: plaintiff}"
		}
		d.misread(n, path, "%s", message)
		return
	}
	names, values := members(into)
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !d.usable(key, path, first) {
			d.hide(value)
			continue
		}
		d.member(key, value, names, values, path)
	}
	for written := range first {
		if meant := nearest(written, names); !slices.Contains(names, written) && meant != "" && first[meant] == nil {
			d.broken[join(path, meant)] = true // misspelt, not missing
		}
	}
}

// usable reports whether a key can be one; first holds those of the section so far.
func (d *decoder) usable(key *yaml.Node, path string, first map[string]*yaml.Node) bool {
	at := join(path, key.Value)
	switch where := first[key.Value]; {
	case key.Kind != yaml.ScalarNode:
		d.misread(key, join(path, "?"), "is not a plain word")
	case key.Tag == "!!merge":
		d.misread(key, at, "is a merge key, which is not read; write the keys out")
	case where != nil:
		d.misread(key, at, "is given twice, first in line %d", where.Line)
	default:
		first[key.Value] = key
		return true
	}
	return false
}

// member decodes one key of a section: a value, or the file that holds a secret.
func (d *decoder) member(key, value *yaml.Node, names []string, values []reflect.Value, path string) {
	at := join(path, key.Value)
	name, isFile := key.Value, false
	i := slices.Index(names, name)
	if i < 0 {
		name, isFile = strings.CutSuffix(name, "_file")
		i = slices.Index(names, name)
	}
	switch {
	case i < 0 || isFile && !isSecret(name, values[i]):
		d.misread(key, at, "is not known here%s", Suggest(key.Value, names))
		d.hide(value)
	case d.nodes[join(path, name)] != nil: // no key comes twice, so it came in the other form
		d.misread(key, at, "is given besides its other form; keep either %s or %s_file", name, name)
		d.hide(value)
	case isFile:
		d.secretFile(value, values[i], at)
		d.nodes[join(path, name)] = value
	default:
		d.decode(value, values[i], at)
	}
}

// members returns the keys a section may have and where each value goes.
func members(v reflect.Value) (names []string, values []reflect.Value) {
	if v.Kind() == reflect.Map {
		for _, key := range v.MapKeys() {
			names = append(names, key.String())
		}
		slices.Sort(names)
		for _, name := range names {
			values = append(values, reflect.Indirect(v.MapIndex(reflect.ValueOf(name)).Elem()))
		}
		return names, values
	}
	for i := range v.NumField() {
		if name := keyOf(v.Type().Field(i)); name != "" {
			names, values = append(names, name), append(values, v.Field(i))
		}
	}
	return names, values
}

// keyOf returns the key of a field, "" when the file cannot set it.
func keyOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "-" || !f.IsExported() {
		return ""
	}
	if name == "" {
		return strings.ToLower(f.Name)
	}
	return name
}

// isSecret reports whether a setting must not be shown.
func isSecret(key string, v reflect.Value) bool {
	if v.Kind() != reflect.String {
		return false
	}
	return slices.ContainsFunc([]string{"token", "password", "secret", "key"}, func(end string) bool { return strings.HasSuffix(key, end) })
}

// secretFile fills a secret from the file that a value names.
func (d *decoder) secretFile(n *yaml.Node, into reflect.Value, path string) {
	var name string
	d.decode(n, reflect.ValueOf(&name).Elem(), path)
	if name == "" {
		return
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(d.folder, name)
	}
	data, err := d.read(name)
	secret := strings.TrimRight(string(data), "\r\n")
	switch {
	case err != nil && d.keyless:
	case err != nil:
		d.misread(n, path, "cannot be read: %v", err)
	case secret == "":
		d.misread(n, path, "names %s, which is empty", name)
	case unfit(strings.TrimSuffix(path, "_file"), secret) != "":
		d.secrets = append(d.secrets, secret)
		d.misread(n, path, "names %s; what is in it %s", name, unfit(strings.TrimSuffix(path, "_file"), secret))
	default:
		into.SetString(secret)
		d.secrets = append(d.secrets, secret)
	}
}

// hide keeps what may be a secret under a wrong key out of excerpts.
func (d *decoder) hide(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Value != "" {
		d.hidden = append(d.hidden, n)
	}
	for i, c := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 { // keys are no secrets
			d.hide(c)
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
