package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expand fills in the variables of a value. What a variable holds is not looked
// at again.
func expand(text string, env func(string) (string, bool)) (string, error) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "$")
		b.WriteString(before)
		switch {
		case !found:
			return b.String(), nil
		case strings.HasPrefix(after, "$"):
			b.WriteByte('$')
			text = after[1:]
		case strings.HasPrefix(after, "{"):
			expression, rest, closed := strings.Cut(after[1:], "}")
			if !closed {
				return "", errors.New("has ${ without }; write $$ for a dollar")
			}
			value, err := variableValue(expression, env)
			if err != nil {
				return "", err
			}
			b.WriteString(value)
			text = rest
		default:
			b.WriteByte('$')
			text = after
		}
	}
}

func variableValue(expression string, env func(string) (string, bool)) (string, error) {
	name, fallback, optional := strings.Cut(expression, ":-")
	switch {
	case !variableName.MatchString(name):
		return "", errors.New("has ${…} without the name of a variable; write ${NAME} or ${NAME:-default}, and $$ for a dollar")
	case strings.Contains(fallback, "${"):
		return "", fmt.Errorf("has a variable in the default of %s; a default is plain text", name)
	}
	value, set := env(name)
	switch {
	case value == "" && optional:
		return fallback, nil
	case !set:
		return "", fmt.Errorf("needs the environment variable %s, which is not set; set it, or write ${%s:-} where it may be empty", name, name)
	}
	return value, nil
}
