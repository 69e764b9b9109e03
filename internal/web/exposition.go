package web

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// expositionType names the text format of Prometheus, which is described at
// https://prometheus.io/docs/instrumenting/exposition_formats/.
const expositionType = "text/plain; version=0.0.4; charset=utf-8"

// family is a metric: what all its series have in common.
type family struct {
	name, kind, help string
	labels           []string
}

func gauge(name, help string, labels ...string) *family {
	return &family{name, "gauge", help, labels}
}

func counter(name, help string, labels ...string) *family {
	return &family{name, "counter", help, labels}
}

// exposition holds the values of one scrape by family and series. A family is
// written in one piece and a series once, or Prometheus would refuse it all.
type exposition map[*family]map[string]float64

// add sets a value; the labels are in the order of the family's. Labels that
// differ in broken bytes alone are one series, of which the greater value
// stands: it must not depend on the order of a map.
func (e exposition) add(f *family, value float64, labels ...string) {
	if e[f] == nil {
		e[f] = map[string]float64{}
	}
	key := f.series(labels)
	if had, ok := e[f][key]; !ok || value > had {
		e[f][key] = value
	}
}

var (
	escapeHelp  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	escapeLabel = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// series is the name of one series. Label values must be UTF-8; those of an
// old database need not be.
func (f *family) series(labels []string) string {
	if len(f.labels) == 0 {
		return f.name
	}
	pairs := make([]string, len(f.labels))
	for i, label := range f.labels {
		pairs[i] = label + `="` + escapeLabel.Replace(strings.ToValidUTF8(labels[i], "\ufffd")) + `"`
	}
	return f.name + "{" + strings.Join(pairs, ",") + "}"
}

// WriteTo writes all families, in the order of their names.
func (e exposition) WriteTo(w io.Writer) (int64, error) {
	var text strings.Builder
	byName := func(a, b *family) int { return strings.Compare(a.name, b.name) }
	for _, f := range slices.SortedStableFunc(maps.Keys(e), byName) {
		text.WriteString("# HELP " + f.name + " " + escapeHelp.Replace(f.help) + "\n")
		text.WriteString("# TYPE " + f.name + " " + f.kind + "\n")
		for _, series := range slices.Sorted(maps.Keys(e[f])) {
			text.WriteString(series + " " + strconv.FormatFloat(e[f][series], 'g', -1, 64) + "\n")
		}
	}
	n, err := io.WriteString(w, text.String())
	return int64(n), err
}
