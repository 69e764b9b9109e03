package twitter_test

import (
	"strings"
	"testing"

	"onrecord"
	"onrecord/sources/twitter"
)

// The address of a profile is answered with the handle to write.
func TestHandles(t *testing.T) {
	t.Parallel()
	for handle, says := range map[string]string{"https://social.example/harborlabs": "write handle: harborlabs", "https://social.example/@harborlabs/": "write handle: harborlabs", "harborlabs": ""} {
		err := twitter.Kind().Account(onrecord.Account{Source: "twitter", Handle: handle})
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "handle: ")) {
			t.Errorf("%s: got %v, want %q", handle, err, says)
		}
	}
}
