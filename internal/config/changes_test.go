package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onrecord/internal/config"
)

const changing = `cases:
  - id: nh
    title: Northwind Data v. Harbor Labs
    parties: [{name: Northwind Data, aliases: [Northwind]}, {name: Harbor Labs}]
    keywords: [ledger]
accounts:
  - {source: x, handle: harborlabs, speaker: Harbor Labs}
  - {source: x, handle: northwind, speaker: Northwind Data}
channels:
  - {id: newsroom, notifier: discord, channel: "1200000000000000000", review: "1200000000000000001"}
notifiers: {discord: {token: first-token}}
`

// What changed is said, with what follows from it and without secrets.
func TestChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit []string // old, new, …
		want []string
	}{
		"nothing":  {nil, nil},
		"remark":   {[]string{"cases:", "# a remark\ncases:"}, nil},
		"keywords": {[]string{"[ledger]", "[pricing model]"}, []string{"keywords of nh: +\"pricing model\" -\"ledger\"; new posts are judged with them, and `onrecord preview --stored` shows what they would have changed"}},
		"renamed speaker": {[]string{"{name: Harbor Labs}", "{name: Harbor AG, aliases: [Harbor Labs]}"}, []string{
			"Harbor Labs is called Harbor AG now in the case nh", "account x:harborlabs is Harbor AG's now, and was Harbor Labs's",
		}},
		"lost speaker": {[]string{"{name: Harbor Labs}", "{name: Harbor AG}", "speaker: Harbor Labs", "speaker: Harbor AG"}, []string{
			"Harbor Labs is nobody in the case nh any more: what is on record by that name is nobody's repetition; under a new name keep the old one as an alias",
			"Harbor AG is new in the case nh", "account x:harborlabs is Harbor AG's now, and was Harbor Labs's",
		}},
		"renamed case": {[]string{"id: nh", "id: northwind"}, []string{
			"case northwind is new", "case northwind seems to be nh under another id: what is on the record stays under the old one, and new posts are not compared with it", "case nh is no longer watched",
			"account x:harborlabs is read for northwind now", "account x:northwind is read for northwind now", "channel newsroom changed",
		}},
		"accounts": {[]string{"handle: northwind,", "handle: nwdata, schedule: \"@every 5m\","}, []string{"account x:nwdata is new", "account x:northwind is no longer watched"}},
		"secrets":  {[]string{"first-token", "second-token"}, []string{"a token, a password or another secret is another one now", "notifiers changed"}},
		"channels": {[]string{"id: newsroom", "id: desk"}, []string{"channel desk is new: it starts with the next statement", "channel newsroom is gone: what it is owed waits in the outbox"}},
		"restart":  {[]string{"cases:", "database: other.db\nweb: {listen: off}\ncases:"}, []string{"database changed: that needs a restart, and until then everything stays where it is", "web changed: that needs a restart"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := func(text string) *config.Config {
				cfg, err := parse(text, nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				return cfg
			}
			got := config.Changes(read(changing), read(strings.NewReplacer(c.edit...).Replace(changing)))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if said := strings.Join(got, "\n"); strings.Contains(said, "-token") {
				t.Errorf("a secret is said: %s", said)
			}
		})
	}
}
