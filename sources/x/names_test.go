package x_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/beside"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

// recorder keeps every request on its way to the fake.
type recorder struct {
	next http.Handler
	mu   sync.Mutex
	sent map[string][]url.Values // by path, ids replaced
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	path := req.URL.Path
	if parts := strings.Split(path, "/"); len(parts) == 5 {
		path = "/2/users/{id}/" + parts[4]
	}
	r.sent[path] = append(r.sent[path], req.URL.Query())
	r.mu.Unlock()
	r.next.ServeHTTP(w, req)
}

// everyRequest makes the source send each kind of request it knows.
func everyRequest(t *testing.T) map[string][]url.Values {
	t.Helper()
	fake := xtest.New(token)
	fake.Account("northwind_data", "Northwind Data")
	r := &recorder{next: fake, sent: map[string][]url.Values{}}
	account := onrecord.Account{ID: "x:northwind_data", Handle: "northwind_data"}
	source := open(t, loopback.Transport{Handler: r}, newMeter(), func(c *x.Config) { c.DailyBudgetUSD = 1.05 })
	page, err := source.Pull(t.Context(), account, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 250 { // more than the budget: pages, then a window with two ends
		fake.Post("northwind_data", xtest.Post{Text: "One of many."})
	}
	if page, err = source.Pull(t.Context(), account, page.Next); err != nil {
		t.Fatal(err)
	}
	richer := open(t, loopback.Transport{Handler: r}, newMeter(), func(c *x.Config) { c.Reposts = true })
	fake.Rename("northwind_data", "northwind_hq")
	stale := strings.Replace(string(page.Next), `"checked":"`+time.Now().UTC().Format("2006"), `"checked":"1999`, 1)
	if _, err := richer.Pull(t.Context(), account, sources.Cursor(stale)); err != nil {
		t.Fatal(err)
	}
	if err := richer.(sources.Prober).Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := richer.(sources.Lookup).Posts(t.Context(), []string{"1", "2"}); err != nil {
		t.Fatal(err)
	}
	return r.sent
}

// TestNames holds every parameter, field and expansion that is sent against
// the names of X's older vocabulary.
func TestNames(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/names.json")
	if err != nil {
		t.Fatal(err)
	}
	var names map[string]map[string][]string
	if err := json.Unmarshal(b, &names); err != nil {
		t.Fatal(err)
	}
	checkNames(t, everyRequest(t), names)
}

// TestNamesInSpecification does the same against X's own description of its
// API, and holds the checked-in names against it too.
func TestNamesInSpecification(t *testing.T) {
	t.Parallel()
	names := readSpecification(t, beside.Specification(t, "x-openapi-2.159.json"))
	checkNames(t, everyRequest(t), names)
	kept, err := os.ReadFile("testdata/names.json")
	if err != nil {
		t.Fatal(err)
	}
	var checkedIn map[string]map[string][]string
	if err := json.Unmarshal(kept, &checkedIn); err != nil {
		t.Fatal(err)
	}
	for path, parameters := range checkedIn {
		for parameter, values := range parameters {
			if !slices.Equal(values, names[path][parameter]) {
				t.Errorf("%s %s: testdata/names.json has %q, X has %q", path, parameter, values, names[path][parameter])
			}
		}
	}
}

// checkNames takes names as path, parameter, allowed values; none: any value.
func checkNames(t *testing.T, sent map[string][]url.Values, names map[string]map[string][]string) {
	t.Helper()
	for _, path := range []string{"/2/users/by", "/2/users", "/2/users/{id}/tweets", "/2/tweets", "/2/usage/tweets"} {
		if len(sent[path]) == 0 {
			t.Errorf("no request to %s was seen: the test proves nothing for it", path)
		}
	}
	for path, queries := range sent {
		for _, query := range queries {
			for parameter, value := range query {
				allowed, known := names[path][parameter]
				if !known {
					t.Errorf("%s: X knows no parameter %s", path, parameter)
				}
				for v := range strings.SplitSeq(value[0], ",") {
					if len(allowed) > 0 && !slices.Contains(allowed, v) {
						t.Errorf("%s: X knows no %s %s", path, parameter, v)
					}
				}
			}
		}
	}
}

// readSpecification reads the parameters of the paths we use from an OpenAPI file.
func readSpecification(t *testing.T, file []byte) map[string]map[string][]string {
	t.Helper()
	type parameter struct {
		Ref    string `json:"$ref"`
		Name   string `json:"name"`
		Schema struct {
			Items struct {
				Enum []string `json:"enum"`
			} `json:"items"`
		} `json:"schema"`
	}
	var spec struct {
		Paths map[string]struct {
			Get struct {
				Parameters []parameter `json:"parameters"`
			} `json:"get"`
		} `json:"paths"`
		Components struct {
			Parameters map[string]parameter `json:"parameters"`
		} `json:"components"`
	}
	if err := json.Unmarshal(file, &spec); err != nil {
		t.Fatal(err)
	}
	names := map[string]map[string][]string{}
	for _, path := range []string{"/2/users/by", "/2/users", "/2/users/{id}/tweets", "/2/tweets", "/2/usage/tweets"} {
		names[path] = map[string][]string{}
		for _, p := range spec.Paths[path].Get.Parameters {
			if p.Ref != "" {
				p = spec.Components.Parameters[p.Ref[strings.LastIndex(p.Ref, "/")+1:]]
			}
			names[path][p.Name] = p.Schema.Items.Enum
		}
	}
	return names
}
