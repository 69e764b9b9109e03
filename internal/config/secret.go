package config

import (
	"regexp"
	"strings"
)

// What people paste in the place of a token instead: with what stood around it,
// the name of the variable it is in, or the words of a guide.
var (
	bareVariable = regexp.MustCompile(`^(\$([A-Za-z_][A-Za-z0-9_]*)|\$\(([A-Za-z_][A-Za-z0-9_]*)\)|%([A-Za-z_][A-Za-z0-9_]*)%|\{\{ ?([A-Za-z_][A-Za-z0-9_.]*) ?\}\})$`)
	scheme       = regexp.MustCompile(`(?i)^(bot|bearer|token|basic) +\S`)
	stopgap      = regexp.MustCompile(`(?i)^(<.*>|\[.*\]|\{.*\}|[x*.…_-]{2,}|(your|my|the|put|insert|enter|paste|replace|change|add)([-_ .].*)?[-_ .]?(token|key|secret|here|me|it)|(token|key|secret|api[-_ ]?key|changeme|change-me|todo|tbd|placeholder|example|none|null|undefined|n/a))$`)
)

// marks of quotation that people and shells put around a text.
const quotes = "\"'`“”„‘’«»"

// unfit says why a text cannot be the secret that is meant, "" when it can. The
// text is not repeated. A password may be anything but quoted.
func unfit(key, text string) string {
	rs := []rune(text)
	if n := len(rs); n > 1 && strings.ContainsRune(quotes, rs[0]) && strings.ContainsRune(quotes, rs[n-1]) {
		return "stands in quotation marks, which are no part of it; take them away where it is set (docker's --env-file keeps them)"
	}
	if strings.HasSuffix(key, "password") {
		return ""
	}
	if m := bareVariable.FindStringSubmatch(text); m != nil {
		name := m[2] + m[3] + m[4]
		if name == "" {
			return "is the name of a variable and not what it holds; write ${NAME} for it"
		}
		return "is the text " + text + "; did you mean ${" + name + "}, which is filled in? Write $$ for a dollar"
	}
	if m := scheme.FindStringSubmatch(text); m != nil {
		return "begins with the word " + m[1] + ", which is added when it is sent: leave the word out"
	}
	if stopgap.MatchString(text) {
		return "is still the placeholder of an example; put the real one in its place, best as ${NAME} from the environment"
	}
	return ""
}
