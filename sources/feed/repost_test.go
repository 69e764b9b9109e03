package feed

import (
	"fmt"
	"html"
	"testing"
	"time"

	"onrecord"
)

// timeline is a timeline as a feed: title, author and text of each item.
func timeline(t *testing.T, title string, items ...[3]string) []item {
	t.Helper()
	var body string
	for i, it := range items {
		body += fmt.Sprintf(`<item><title>%s</title><guid>%d</guid><dc:creator>%s</dc:creator><description>%s</description></item>`,
			html.EscapeString(it[0]), i, html.EscapeString(it[1]), html.EscapeString(it[2]))
	}
	source := `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>` + html.EscapeString(title) + `</title><link>https://place.example/harborlabs</link>` + body + `</channel></rss>`
	d, err := parse(answer(source, "application/rss+xml"))
	if err != nil {
		t.Fatal(err)
	}
	return itemsOf(d, onrecord.Account{ID: "feed:harbor", Speaker: "Harbor Labs", URL: "https://place.example/harborlabs/rss"}, dating{now: time.Now()})
}

const theirs = "Today we filed our lawsuit. Our trade secrets were copied."

// TestReposts: what others said is not the account's, however it is marked.
func TestReposts(t *testing.T) {
	t.Parallel()
	for _, it := range [][3]string{
		{"RT by @harborlabs: Today we filed", "@northwind", theirs},
		{"RT @northwind: Today we filed", "", theirs},
		{"", "", "RT @northwind: " + theirs},
		{"", "", "RT @northwind " + theirs},
		{"", "", "RT: " + theirs},
		{"RT Northwind Data: Today", "", theirs},
		{"[RT] @northwind Today", "", theirs},
		{"", "", "MT @northwind: " + theirs},
		{"", "", "🔁 @northwind@social.example " + theirs},
		{"♻️ Today we filed", "", theirs},
		{"Harbor Labs reposted", "", theirs},
		{"Harbor Labs boosted @northwind", "", theirs},
		{"Harbor Labs retweeted Northwind Data:", "", theirs},
		{"Harbor Labs shared a post", "", theirs},
		{"Reposted by Harbor Labs", "", theirs},
		{"", "", theirs + " (via @northwind)"},
		{"", "", "Repost from @northwind: " + theirs},
		{"", "", "#repost @northwind " + theirs},
		{"Harbor Labs ha retuiteado", "", theirs},
		{"Harbor Labs a retweeté Northwind", "", theirs},
		{"Harbor Labs hat geteilt:", "", theirs},
		{"Geteilt von Harbor Labs", "", theirs},
		{"Harbor Labs ha ricondiviso", "", theirs},
		{"Harbor Labs repostou", "", theirs},
		{"Harbor Labs сделал репост", "", theirs},
		{"ハーバーさんがリポストしました", "", theirs},
		{"하버 님이 재게시했습니다", "", theirs},
		{"转发微博", "", theirs},
		{"Today we filed", "@northwind", theirs},
		{"Today we filed", "Northwind Data (@northwind)", theirs},
	} {
		got := timeline(t, "Harbor Labs / @harborlabs", it)
		if len(got) != 1 || got[0].Kind != onrecord.Repost || got[0].OwnWords() {
			t.Errorf("%q: %+v", it, got[0].Post)
		}
	}
	most := timeline(t, "Timeline", [3]string{"One", "@harborlabs", "One."}, [3]string{"Two", "@harborlabs", "Two."}, [3]string{"Three", "@northwind", theirs})
	for _, it := range most {
		if (it.Kind == onrecord.Repost) != (it.Text == theirs) {
			t.Errorf("%s by %s is a %s", it.Title, it.Author.Name, it.Kind)
		}
	}
}

// TestOwnItems: what only looks like a mark is none.
func TestOwnItems(t *testing.T) {
	t.Parallel()
	for _, it := range [][3]string{
		{"Our answer", "Dana Reyes", "We deny it."},
		{"Our answer", "@harborlabs", "We deny it."},
		{"Our answer", "Harbor Labs (@HarborLabs)", "We deny it."},
		{"Northwind shared our trade secrets with the press", "", "We deny it."},
		{"They shared a post of ours in court and it proves nothing", "", "We deny it."},
		{"RTX cards and the lawsuit", "", "We deny it."},
		{"A report on reposted material in court", "", "We deny it."},
		{"RT @harborlabs: Our answer", "", "RT @harborlabs: We deny it."},
		{"Sent via certified mail", "", "We deny it."},
	} {
		if got := timeline(t, "Harbor Labs / @harborlabs", it); len(got) != 1 || !got[0].OwnWords() {
			t.Errorf("%q: %+v", it, got[0].Post)
		}
	}
}
