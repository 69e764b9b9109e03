package config_test

import (
	"slices"
	"strings"
	"testing"
)

// A database that takes no part in what is tested, an account and a case.
const around = `
cases: [{id: nh, title: Northwind v. Harbor, parties: [{name: Northwind Data}, {name: Harbor Labs}]}]
accounts: [{source: feed, url: "%URL", speaker: Harbor Labs}]
channels: [{id: c, notifier: discord, channel: "1180000000000000001"}]
notifiers: {discord: {token: %TOKEN}}
database: %DATABASE
`

func withValues(url, token, database string) string {
	return strings.NewReplacer("%URL", url, "%TOKEN", token, "%DATABASE", database).Replace(around)
}

const (
	goodURL, goodDatabase = "https://harbor.example/feed.xml", "onrecord.db"
)

func TestWhatIsNoToken(t *testing.T) {
	t.Parallel()
	for token, says := range map[string]string{
		`"'abc.def.ghi'"`: "quotation marks", `'"abc.def.ghi"'`: "quotation marks", "'“abc.def.ghi”'": "quotation marks", "'`abc.def.ghi`'": "quotation marks", `"${QUOTED}"`: "quotation marks",
		`"$DISCORD_TOKEN"`: "${DISCORD_TOKEN}", `"$(DISCORD_TOKEN)"`: "${DISCORD_TOKEN}", `"%DISCORD_TOKEN%"`: "${DISCORD_TOKEN}", `"${UNFILLED}"`: "${DISCORD_TOKEN}",
		`"Bot abc.def.ghi"`: "leave the word out", `"Bearer abc.def.ghi"`: "leave the word out", `"bearer  abc.def.ghi"`: "leave the word out",
		"YOUR_TOKEN": "placeholder", "your-bot-token-here": "placeholder", `"<token>"`: "placeholder", `"[TOKEN]"`: "placeholder", "xxxxxxxx": "placeholder", `"..."`: "placeholder", "changeme": "placeholder",
		"PASTE_TOKEN_HERE": "placeholder", "insert token here": "placeholder", "REPLACE_ME": "placeholder", "token": "placeholder",
		"abc.def.ghi": "", "MTE4.GaXyZ-.s3cr_et": "", "$$abc.def": "", "botanical.def.ghi": "",
	} {
		_, err := parse(withValues(goodURL, token, goodDatabase), map[string]string{"QUOTED": `"abc.def.ghi"`, "UNFILLED": "$DISCORD_TOKEN"}, nil)
		switch {
		case says == "" && err != nil:
			t.Errorf("%s is refused: %v", token, err)
		case says == "":
		case err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "config.yaml:5:30: notifiers.discord.token: "):
			t.Errorf("%s: got %v, want %q at the value", token, err, says)
		case strings.Contains(err.Error(), "abc.def"):
			t.Errorf("%s: the token is shown: %v", token, err)
		}
	}
}

func TestPasswordsOfServers(t *testing.T) {
	t.Parallel()
	for password, sign := range map[string]string{
		"top@s3cretpart": "%40", "s3cretpart@": "%40", "top#s3cretpart": "%23", "top/s3cretpart": "%2F", "top?s3cretpart": "%3F", "top%s3cretpart": "%25", "top%zzs3cretpart": "%25",
		"top s3cretpart": "+", "top[s3cretpart]": "%5B", "a@b/c#s3cretpart": "%40", "/s3cretpart": "%2F", "tóps3cretpart": "%C3%B3",
		"tops3cretpart": "", "top:s3cretpart": "", "top%40s3cretpart": "", "top!$&s3cretpart*": "",
	} {
		cfg, err := parse(withValues(goodURL, "abc.def.ghi", `"postgres://onrecord:${PASSWORD}@db.example:5432/onrecord"`), map[string]string{"PASSWORD": password}, nil)
		switch {
		case sign == "" && err != nil:
			t.Errorf("%s is refused: %v", password, err)
		case sign == "":
			if !slices.ContainsFunc(cfg.Secrets, func(s string) bool { return strings.Contains(s, "s3cretpart") }) {
				t.Errorf("%s may be logged", password)
			}
		case err == nil || !strings.Contains(err.Error(), "percent-encoded as "+sign):
			t.Errorf("%s: got %v, want %s", password, err, sign)
		case strings.Contains(err.Error(), "s3cretpart"):
			t.Errorf("%s is shown: %v", password, err)
		}
	}
	for database, says := range map[string]string{
		`"host=db.example user=onrecord password=s3cretpart dbname=onrecord"`: "looks like postgres://",
		`"postgres://db.example/onrecord?user=a&password=p@s3cretpart"`:       "",
		`"postgres://db.example"`:                 "looks like postgres://",
		`"mysql://a:s3cretpart@db.example/x"`:     "must be the name of a file",
		`"postgres://a:s3cretpart@db.example:x/"`: "looks like postgres://",
	} {
		_, err := parse(withValues(goodURL, "abc.def.ghi", database), nil, nil)
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "s3cretpart")) {
			t.Errorf("%s: got %v, want %q", database, err, says)
		}
	}
}

// What may be a secret in a feed's address is in no name and in no log.
func TestNamesOfAccountsHoldNoSecret(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://harbor.example/feed.xml":                             "feed:harbor.example/feed.xml",
		"https://harbor.example/feed.xml?key=s3cretpart":              "feed:harbor.example/feed.xml#",
		"https://harbor.example/private/9f86d081884c7d659a2feaa0/rss": "feed:harbor.example/private/#",
		"${SECRET_URL}": "feed:harbor.example#",
	} {
		cfg, err := parse(withValues(url, "abc.def.ghi", goodDatabase), map[string]string{"SECRET_URL": "https://harbor.example/f/s3cretpart"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		id := cfg.Accounts[0].ID
		if !strings.HasPrefix(id, want) || strings.Contains(id, "s3cretpart") || strings.Contains(id, "9f86d081884c7d65") {
			t.Errorf("%s is called %s, want %s", url, id, want)
		}
		if hidden := slices.ContainsFunc(cfg.Secrets, func(s string) bool {
			return strings.Contains(s, "s3cretpart") || strings.Contains(s, "9f86d081884c7d659a2feaa0")
		}); hidden != strings.HasSuffix(want, "#") {
			t.Errorf("%s: what no log may show is %d values", url, len(cfg.Secrets))
		}
	}
}

// A key does not go over the network in the clear.
func TestTheModelsKeyIsEncryptedOnItsWay(t *testing.T) {
	t.Parallel()
	for base, ok := range map[string]bool{
		"http://llm.example.com/v1": false, "http://192.168.1.7/v1": false, "https://llm.example.com/v1": true, "http://localhost:11434/v1": true, "http://127.0.0.1:11434": true, "http://[::1]:11434": true,
	} {
		text := withValues(goodURL, "abc.def.ghi", goodDatabase) + "summary: {provider: openai, model: small, base_url: \"" + base + "\", api_key: %KEY}\n"
		_, err := parse(strings.ReplaceAll(text, "%KEY", "m0del-key"), nil, nil)
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "summary.base_url: must begin with https://") {
			t.Errorf("%s with a key: %v", base, err)
		}
		if _, err := parse(strings.ReplaceAll(text, "%KEY", `""`), nil, nil); err != nil {
			t.Errorf("%s without a key: %v", base, err)
		}
	}
}
