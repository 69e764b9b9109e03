package desk

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"onrecord/notifiers"
)

//go:embed texts
var files embed.FS

// texts are what commands, their options and the choices of these are called, by language
// and by where they stand: "mute", "mute for", "mute for 8h". They are data: one file for
// each language, which is embedded, so that a broken one would be seen by every test.
var texts = sync.OnceValue(func() map[string]map[string]notifiers.Label {
	all := map[string]map[string]notifiers.Label{}
	list, err := files.ReadDir("texts")
	if err != nil {
		panic(err)
	}
	for _, f := range list {
		data, err := files.ReadFile("texts/" + f.Name())
		if err != nil {
			panic(err)
		}
		if all[strings.TrimSuffix(f.Name(), ".txt")], err = readTexts(string(data)); err != nil {
			panic(fmt.Errorf("texts/%s: %w", f.Name(), err))
		}
	}
	return all
})

// readTexts reads lines of the form "key = name: description". What belongs to the line
// above stands a blank further in; a choice, the third level, has a name alone.
func readTexts(data string) (map[string]notifiers.Label, error) {
	list := map[string]notifiers.Label{}
	var at [3]string
	for line := range strings.Lines(data) {
		key, text, ok := strings.Cut(strings.TrimSpace(line), " = ")
		depth := len(line) - len(strings.TrimLeft(line, " "))
		if !ok || depth >= len(at) {
			return nil, fmt.Errorf("%q is no line of the form key = name: description", line)
		}
		at[depth] = key
		l := notifiers.Label{Name: text}
		if depth < len(at)-1 {
			l.Name, l.Description, _ = strings.Cut(text, ": ")
		}
		list[strings.Join(at[:depth+1], " ")] = l
	}
	return list, nil
}

// labels are those of a command in all languages, of an option, or of a choice.
func labels(at ...string) map[string]notifiers.Label {
	list := map[string]notifiers.Label{}
	for tag, all := range texts() {
		if l, ok := all[strings.Join(at, " ")]; ok {
			list[tag] = l
		}
	}
	return list
}

// choices are the values an option can have.
func choices(command, option string, values []string) (list []notifiers.Choice) {
	for _, v := range values {
		list = append(list, notifiers.Choice{Value: v, Labels: labels(command, option, v)})
	}
	return list
}

// plainly are names that are the same in all languages.
func plainly(names []string) (list []notifiers.Choice) {
	for _, n := range names {
		list = append(list, notifiers.Choice{Value: n, Labels: map[string]notifiers.Label{"en": {Name: n}}})
	}
	return list
}
