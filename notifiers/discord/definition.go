package discord

import (
	"regexp"
	"slices"
	"strings"

	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

// callToken is the form of an interaction's token: it goes into an address.
var callToken = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// definition is a command as Discord registers it.
// https://discord.com/developers/docs/interactions/application-commands#application-command-object
type definition struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description,omitempty"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Options      []option          `json:"options,omitempty"`
	Permissions  int               `json:"default_member_permissions,omitempty"`
	Contexts     []int             `json:"contexts"`
	Integrations []int             `json:"integration_types"`
}

type option struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	Autocomplete bool              `json:"autocomplete,omitempty"`
	MaxLength    int               `json:"max_length,omitempty"`
	Channels     []int             `json:"channel_types,omitempty"`
	Choices      []choice          `json:"choices,omitempty"`
	Options      []option          `json:"options,omitempty"` // of a command below another
}

type choice struct {
	Name  string            `json:"name"`
	Names map[string]string `json:"name_localizations,omitempty"`
	Value string            `json:"value"`
}

const (
	english       = "en"
	commandBelow  = 1
	stringOption  = 3
	channelOption = 7
	roleOption    = 8
	inServers     = 0      // where a command can be called, and who has it: the members of a server
	managers      = 1 << 4 // Manage Channels
)

// locales are Discord's names of languages, with ours.
// https://discord.com/developers/docs/reference#locales
var locales = map[string]string{"en-US": english, "en-GB": english, "hi": "hi", "es-ES": "es", "de": "de", "fr": "fr", "pt-BR": "pt", "ja": "ja"}

// definitions are the commands that can be typed or called on a message.
func definitions(list []notifiers.Command) []definition {
	defined := []definition{}
	for _, c := range list {
		if c.Trigger == notifiers.Pressed {
			continue
		}
		d := definition{Type: chatCommand, Name: c.Name, Contexts: []int{inServers}, Integrations: []int{inServers}, Options: options(c.Options)}
		if c.Manages {
			d.Permissions = managers
		}
		labels := c.Labels
		if c.Below != nil {
			d.Name, labels = c.Below.Name, c.Below.Labels
			d.Options = []option{below(c, d.Options)}
		}
		d.Names = localized(labels, func(l notifiers.Label) string { return l.Name })
		if c.Trigger == notifiers.OnText {
			d.Type, d.Name = messageCommand, labels[english].Name
		} else {
			d.Description = labels[english].Description
			d.Descriptions = localized(labels, func(l notifiers.Label) string { return l.Description })
		}
		if i := slices.IndexFunc(defined, func(o definition) bool { return o.Type == d.Type && o.Name == d.Name }); i >= 0 {
			defined[i].Options = append(defined[i].Options, d.Options...)
			continue
		}
		defined = append(defined, d)
	}
	return defined
}

// below is a command as an option of the one that it is typed below.
// https://discord.com/developers/docs/interactions/application-commands#subcommands-and-subcommand-groups
func below(c notifiers.Command, takes []option) option {
	return option{
		Type: commandBelow, Name: strings.TrimPrefix(c.Name, c.Below.Name+"-"), Names: localized(c.Labels, func(l notifiers.Label) string { return l.Name }),
		Description: c.Labels[english].Description, Descriptions: localized(c.Labels, func(l notifiers.Label) string { return l.Description }), Options: takes,
	}
}

func options(list []notifiers.Option) (options []option) {
	for _, o := range list {
		defined := option{
			Type: stringOption, Name: o.Name, Names: localized(o.Labels, func(l notifiers.Label) string { return l.Name }),
			Description: o.Labels[english].Description, Descriptions: localized(o.Labels, func(l notifiers.Label) string { return l.Description }),
			Required: o.Required, Autocomplete: (o.Suggest != nil || o.SuggestIn != nil) && o.Choices == nil, MaxLength: o.Max, Choices: choicesOf(o.Choices),
		}
		if o.Channel {
			defined.Type, defined.MaxLength, defined.Channels = channelOption, 0, told
		}
		if o.Role {
			defined.Type, defined.MaxLength = roleOption, 0
		}
		options = append(options, defined)
	}
	return options
}

// localized gives a text by Discord's languages. The default stands there, too: without
// it, Discord shows who reads English some other language.
func localized(labels map[string]notifiers.Label, text func(notifiers.Label) string) map[string]string {
	texts := map[string]string{}
	for locale, tag := range locales {
		if t := text(labels[tag]); t != "" {
			texts[locale] = t
		}
	}
	return texts
}

// choicesOf are as many as Discord takes.
func choicesOf(list []notifiers.Choice) (choices []choice) {
	for _, c := range list[:min(len(list), message.MaxChoices)] {
		name := card.Line(c.Labels[english].Name, message.MaxChoice)
		if name == "" || card.Units(c.Value) > message.MaxChoice || c.Value == "" {
			continue
		}
		names := localized(c.Labels, func(l notifiers.Label) string { return card.Line(l.Name, message.MaxChoice) })
		if len(c.Labels) == 1 {
			names = nil
		}
		choices = append(choices, choice{Name: name, Names: names, Value: c.Value})
	}
	return choices
}
