package xtest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/sources/x/xtest"
)

const token = "a-token"

// get asks the server and returns status and the decoded answer.
func get(t *testing.T, s *xtest.Server, address string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s: %v: %s", address, err, w.Body)
	}
	return w.Code, body
}

// names returns the names of the first post of an answer, sorted.
func names(t *testing.T, body map[string]any) (ns []string) {
	t.Helper()
	data, ok := body["data"].([]any)
	if !ok || len(data) == 0 {
		t.Fatalf("no posts: %v", body)
	}
	for n := range data[0].(map[string]any) {
		ns = append(ns, n)
	}
	slices.Sort(ns)
	return ns
}

func TestVocabularies(t *testing.T) {
	t.Parallel()
	s := xtest.New(token)
	id := s.Account("dana_reyes", "Dana Reyes")
	s.Post("dana_reyes", xtest.Post{Text: strings.Repeat("A long word. ", 40), Quotes: "12"})
	for _, c := range []struct{ query, want string }{
		{"", "edit_history_tweet_ids id text"},
		{"tweet.fields=note_tweet,referenced_tweets,author_id", "author_id edit_history_tweet_ids id note_tweet referenced_tweets text"},
		{"tweet.fields=note_post", "edit_history_tweet_ids id text"},
		{"post.fields=note_post,created_at", "created_at id note_post text"},
		{"post.fields=note_tweet,author_id", "id text"},
		{"post.fields=id&expansions=author_id,referenced_posts,edit_history_post_ids", "author_id edit_history_post_ids id referenced_posts text"},
	} {
		_, body := get(t, s, "/2/users/"+id+"/tweets?"+c.query)
		if got := strings.Join(names(t, body), " "); got != c.want {
			t.Errorf("%q gave %q, want %q", c.query, got, c.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := xtest.New(token)
	id := s.Account("dana_reyes", "Dana Reyes")
	for query, want := range map[string]string{
		"/2/users/" + id + "/tweets?max_results=4":         "is not between 5 and 100",
		"/2/users/" + id + "/tweets?max_results=101":       "is not between 5 and 100",
		"/2/users/" + id + "/tweets?since_id=x":            "does not match",
		"/2/users/" + id + "/tweets?exclude=quotes":        "is not one of [replies,retweets]",
		"/2/users/" + id + "/tweets?tweet.fields=nonsense": "is not one of [article",
		"/2/users/" + id + "/tweets?sinceid=1":             "The query parameter [sinceid] is not one of",
		"/2/users/" + id + "/tweets?pagination_token=abc":  "is not valid",
		"/2/users/by?usernames=dana.reyes":                 "does not match",
		"/2/tweets":                                        "between 1 and 100 values",
		"/2/usage/tweets?days=91":                          "is not between 1 and 90",
	} {
		status, body := get(t, s, query)
		errs, _ := body["errors"].([]any)
		if status != http.StatusBadRequest || len(errs) != 1 || !strings.Contains(errs[0].(map[string]any)["message"].(string), want) {
			t.Errorf("%s: HTTP %d, %v", query, status, body)
		}
	}
}

func TestBill(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := xtest.New(token)
		id := s.Account("dana_reyes", "Dana Reyes")
		post := s.Post("dana_reyes", xtest.Post{Text: "One."})
		timeline, lookup := "/2/users/"+id+"/tweets", "/2/tweets?ids="+post+",77"
		spent := func(address string) int64 {
			get(t, s, address)
			return s.Spent()
		}
		got := []int64{spent(timeline), spent(timeline), spent(lookup), spent("/2/users?ids=" + id), spent("/2/users/by?usernames=dana_reyes"), spent("/2/usage/tweets"), spent(timeline + "?since_id=" + post)}
		time.Sleep(24 * time.Hour)
		got = append(got, spent(timeline))
		if diff := cmp.Diff([]int64{5000, 5000, 10000, 20000, 30000, 30000, 30000, 35000}, got); diff != "" || s.Reads() != 3 {
			t.Errorf("%d reads; %s", s.Reads(), diff)
		}
		_, usage := get(t, s, "/2/usage/tweets")
		if n := usage["data"].(map[string]any)["project_usage"]; n != 3.0 {
			t.Errorf("usage says %v", n)
		}
	})
}

func TestLookup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := xtest.New(token)
		s.Account("dana_reyes", "Dana Reyes")
		s.Account("ivo_lind", "Ivo Lind")
		old := s.Post("dana_reyes", xtest.Post{ID: "9", Text: "Old words."})
		edited := s.Edit(old, "New words.")
		deleted := s.Post("dana_reyes", xtest.Post{Text: "Gone."})
		s.Delete(deleted)
		hidden := s.Post("ivo_lind", xtest.Post{Text: "Mine alone."})
		s.Protect("ivo_lind", true)
		_, body := get(t, s, "/2/tweets?ids="+strings.Join([]string{old, edited, deleted, hidden}, ","))
		var texts, problems []string
		for _, p := range body["data"].([]any) {
			texts = append(texts, p.(map[string]any)["text"].(string))
		}
		for _, p := range body["errors"].([]any) {
			problems = append(problems, p.(map[string]any)["title"].(string))
		}
		if diff := cmp.Diff([]string{"Old words.", "New words."}, texts); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"Not Found Error", "Authorization Error"}, problems); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTimelineDepth(t *testing.T) {
	t.Parallel()
	s := xtest.New(token)
	id := s.Account("dana_reyes", "Dana Reyes")
	begin := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for i := range 3300 {
		s.Post("dana_reyes", xtest.Post{Text: "One of many.", CreatedAt: begin.Add(time.Duration(i) * time.Second)})
	}
	for query, want := range map[string]int{"": 3200, "&exclude=replies": 800} {
		read, token := 0, ""
		for range 40 {
			_, body := get(t, s, "/2/users/"+id+"/tweets?max_results=100"+query+token)
			data, _ := body["data"].([]any)
			read += len(data)
			next, more := body["meta"].(map[string]any)["next_token"].(string)
			if !more {
				break
			}
			token = "&pagination_token=" + next
		}
		if read != want {
			t.Errorf("%q: %d posts are readable, want %d", query, read, want)
		}
	}
}

func TestUnauthorized(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/2/usage/tweets", nil)
	r.Header.Set("Authorization", "Bearer another")
	w := httptest.NewRecorder()
	xtest.New(token).ServeHTTP(w, r)
	if h := w.Result().Header; w.Code != http.StatusUnauthorized || h.Get("x-rate-limit-remaining") != "" || h.Get("x-rate-limit-reset") != "" {
		t.Errorf("HTTP %d with %v", w.Code, h)
	}
}

func TestFaultQueue(t *testing.T) {
	t.Parallel()
	s := xtest.New(token)
	twice := s.Fail(xtest.Usage, xtest.BadRequest.Times(2))
	once := s.Fail(xtest.Usage, xtest.CreditsDepleted)
	elsewhere := s.Fail(xtest.Lookup, xtest.CreditsDepleted)
	var got []int
	for range 4 {
		status, _ := get(t, s, "/2/usage/tweets")
		got = append(got, status)
	}
	if diff := cmp.Diff([]int{400, 400, 402, 200}, got); diff != "" {
		t.Error(diff)
	}
	s.Mend()
	if status, _ := get(t, s, "/2/tweets?ids=1"); status != http.StatusOK {
		t.Errorf("after mending HTTP %d", status)
	}
	if twice.Fired() != 2 || once.Fired() != 1 || elsewhere.Fired() != 0 || s.Requests(xtest.Usage) != 4 {
		t.Errorf("fired %d, %d, %d; %d requests", twice.Fired(), once.Fired(), elsewhere.Fired(), s.Requests(xtest.Usage))
	}
}
