package feed

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
)

// show is a document in short: "guid link text", "-" for none.
func show(document string) (items []item) {
	for line := range strings.SplitSeq(document, "; ") {
		f := strings.Fields(line)
		it := item{Post: onrecord.Post{Text: f[2], Revision: digest(16, f[2])}, name: digest(idWidth, "title")}
		if f[0] != "-" {
			it.guid = f[0]
		}
		if f[1] != "-" {
			it.link = "//northwind.example/" + f[1]
		}
		items = append(items, it)
	}
	return items
}

// Each document is read after the one before it; want lists what must be new
// ("+text") or a revision of an earlier item ("first>text").
func TestIdentityOverTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][]struct{ document, want string }{
		"a link changes":             {{"g1 a A", "+A"}, {"g1 b A", ""}, {"g1 c A2", "A>A2"}},
		"a GUID changes":             {{"g1 a A; g2 b B", "+A +B"}, {"g9 a A; g2 b B", ""}, {"g9 a A2; g2 b B", "A>A2"}},
		"a GUID changes and back":    {{"g1 a A; g2 b B", "+A +B"}, {"g9 a A; g2 b B", ""}, {"g1 a A2; g2 b B", "A>A2"}},
		"an old GUID is given anew":  {{"g1 a A; g2 b B", "+A +B"}, {"g9 a A; g2 b B", ""}, {"g1 c C; g9 a A; g2 b B", "+C"}},
		"and comes after the first":  {{"g1 a A; g2 b B", "+A +B"}, {"g9 a A; g2 b B", ""}, {"g9 a A; g1 c C; g2 b B", "+C"}},
		"links are exchanged":        {{"g1 a A; g2 b B", "+A +B"}, {"g1 b A; g2 a B", ""}},
		"a link goes to another":     {{"g1 a A", "+A"}, {"g1 b A2; g2 a A", "A>A2 +A"}},
		"all GUIDs change, one edit": {{"g1 a A; g2 b B", "+A +B"}, {"h1 a A; h2 b B2; h3 c C", "B>B2 +C"}, {"h1 a A; h2 b B2; h3 c C", ""}},
		"two take over one link":     {{"g1 a A; g2 b B", "+A +B"}, {"g5 a C; g6 a D; g2 b B", "+C +D"}},
		"two take one link, all new": {{"g1 a A; g2 b B", "+A +B"}, {"h1 a C; h2 a D; h3 b B", "+C +D"}},
		"links only":                 {{"- a A; - b B", "+A +B"}, {"- a A2; - b B", "A>A2"}},
		"neither GUID nor link":      {{"- - A", "+A"}, {"- - A; - - B", "+B"}, {"- - B; - - A", ""}},
		"copies":                     {{"g1 a A; g1 a A", "+A"}, {"g1 a A", ""}, {"g1 a A; g1 a A; g1 a A", ""}},
		"copies that differ":         {{"g1 a A; g1 a B", "+A +B"}, {"g1 a B; g1 a A", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, names := mark{}, map[string]string{}
			for i, step := range c {
				var got []string
				next, fresh := m.next(show(step.document), http.Header{}, false, time.Now())
				for _, it := range fresh {
					if before, known := names[it.ID]; known {
						got = append(got, before+">"+it.Text)
					} else {
						names[it.ID] = it.Text
						got = append(got, "+"+it.Text)
					}
				}
				if want := strings.Fields(step.want); !slices.Equal(got, want) {
					t.Errorf("document %d: got %q, want %q", i+1, got, want)
				}
				m = next
			}
		})
	}
}
