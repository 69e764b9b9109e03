package config

import (
	"net/netip"
	"net/url"
	"regexp"
	"time"
)

// Summary says who writes what a card says besides the speaker's own words.
type Summary struct {
	Provider       string        `yaml:"provider" jsonschema:"description=Who writes the summaries. extract works offline and takes the speaker's own words; anthropic and openai ask a language model\\, openai at any endpoint that speaks chat completions,enum=extract,enum=anthropic,enum=openai"`
	Model          string        `yaml:"model" jsonschema:"description=The model's name at the provider"`
	APIKey         string        `yaml:"api_key" jsonschema:"description=The provider's key; an endpoint of your own may need none"`
	BaseURL        string        `yaml:"base_url" jsonschema:"description=The provider's address or a gateway's; default is the provider's own"`
	DailyBudgetUSD float64       `yaml:"daily_budget_usd" jsonschema:"description=What asking may cost in a UTC day; when it is spent summaries are offline,exclusiveMinimum=0"`
	Timeout        time.Duration `yaml:"timeout" jsonschema:"description=How long a post waits for the model"`
	Read           string        `yaml:"read" jsonschema:"description=Which posts the model is asked about. all: everything but reposts and posts without words\\, likeliest first\\, as far as the day's budget goes; likely: only what our own evidence finds near the case,enum=all,enum=likely"`
	TranslateTo    string        `yaml:"translate_to" jsonschema:"description=A language such as en to add a translation to; default none"`
}

// Extract is the provider that works offline.
const Extract = "extract"

// What of the posts a model is asked about.
const (
	All    = "all"
	Likely = "likely"
)

const (
	mostBudget  = 1000 // dollars a day: more is a slip
	mostTimeout = 2 * time.Minute
)

// providers are the addresses of those who have one of their own.
var providers = map[string]string{
	"anthropic": "https://api.anthropic.com",
	"openai":    "https://api.openai.com/v1",
}

var language = regexp.MustCompile(`^[a-z]{2,3}$`)

// summary checks who writes summaries. Without the key its provider needs the
// program runs as with extract, since nothing but words of ours is lost.
func (c *checker) summary() {
	s := &c.result.Summary
	own, known := providers[s.Provider]
	switch {
	case !known && s.Provider != Extract:
		c.mistake("summary.provider", "must be extract, anthropic or openai; openai is any endpoint that speaks chat completions")
	case known && s.Model == "":
		c.mistake("summary.model", "is missing; name the model to ask, as %s names it", s.Provider)
	}
	if s.DailyBudgetUSD <= 0 || s.DailyBudgetUSD > mostBudget {
		c.mistake("summary.daily_budget_usd", "must be more than 0 dollars and at most %d; provider: extract costs nothing", mostBudget)
	}
	if s.Timeout < time.Second || s.Timeout > mostTimeout {
		c.mistake("summary.timeout", "must be from 1s to %s", "2m")
	}
	if s.BaseURL != "" && !isWeb(s.BaseURL) {
		c.mistake("summary.base_url", "must be an address such as http://localhost:11434/v1%s", fault(s.BaseURL))
	} else if u, err := url.Parse(s.BaseURL); err == nil && s.APIKey != "" && u.Scheme == "http" && !loopback(u.Hostname()) {
		c.mistake("summary.base_url", "must begin with https:// unless it is on this machine: the key is sent there")
	}
	if s.Read != All && s.Read != Likely {
		c.mistake("summary.read", "must be all or likely")
	}
	if s.TranslateTo != "" && !language.MatchString(s.TranslateTo) {
		c.mistake("summary.translate_to", "must be the code of a language such as en")
	}
	if !known {
		if s.TranslateTo != "" && s.Provider == Extract {
			c.warn("summary.translate_to", "needs a model: provider extract translates nothing")
		}
		return
	}
	if s.BaseURL == "" {
		s.BaseURL = own
	}
	if s.APIKey == "" && (s.Provider == "anthropic" || s.BaseURL == own) {
		c.warn("summary.provider", "needs api_key, which is not set: summaries are written offline, from the speaker's own words")
		s.Provider = Extract
	}
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
