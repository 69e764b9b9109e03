package desk

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"onrecord/notifiers"
)

//go:embed texts
var files embed.FS

// text is what a command is called in one language.
type text struct {
	Name        string
	Description string
	Options     map[string]struct {
		Name        string
		Description string
		Choices     map[string]string
	}
}

// texts are the names of commands by language. They are data: one file for each, which
// is embedded, so that a broken one would be seen by every test.
var texts = sync.OnceValue(func() map[string]map[string]text {
	all := map[string]map[string]text{}
	list, err := files.ReadDir("texts")
	if err != nil {
		panic(err)
	}
	for _, f := range list {
		data, err := files.ReadFile("texts/" + f.Name())
		var one map[string]text
		if err == nil {
			err = json.Unmarshal(data, &one)
		}
		if err != nil {
			panic(fmt.Errorf("texts/%s: %w", f.Name(), err))
		}
		all[strings.TrimSuffix(f.Name(), ".json")] = one
	}
	return all
})

// labels are those of a command in all languages.
func labels(command string) map[string]notifiers.Label {
	list := map[string]notifiers.Label{}
	for tag, commands := range texts() {
		if t := commands[command]; t.Name != "" {
			list[tag] = notifiers.Label{Name: t.Name, Description: t.Description}
		}
	}
	return list
}

func optionLabels(command, option string) map[string]notifiers.Label {
	list := map[string]notifiers.Label{}
	for tag, commands := range texts() {
		if o := commands[command].Options[option]; o.Name != "" {
			list[tag] = notifiers.Label{Name: o.Name, Description: o.Description}
		}
	}
	return list
}

// choices are the values an option can have.
func choices(command, option string, values []string) (list []notifiers.Choice) {
	for _, v := range values {
		c := notifiers.Choice{Value: v, Labels: map[string]notifiers.Label{}}
		for tag, commands := range texts() {
			if t := commands[command].Options[option].Choices[v]; t != "" {
				c.Labels[tag] = notifiers.Label{Name: t}
			}
		}
		list = append(list, c)
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
