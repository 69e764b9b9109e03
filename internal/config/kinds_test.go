package config_test

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"onrecord"
	"onrecord/internal/config"
	"onrecord/notifiers"
	"onrecord/sources"
)

// kinds are places made for these tests: their settings have every type a kind
// may use, and their errors every form a kind may give them.
func kinds() config.Kinds {
	return config.Kinds{
		Sources: []sources.Kind{
			{Name: "x", Title: "X", Every: 2 * time.Minute, Account: checkHandle, Config: func() sources.Config {
				return &xConfig{BaseURL: "https://api.x.example", DailyBudgetUSD: 2, Pages: 5, Wait: 3 * time.Second}
			}},
			{Name: "feed", Title: "web feeds", Every: 10 * time.Minute, Account: checkURL, Config: func() sources.Config { return &feedConfig{} }},
		},
		Notifiers: []notifiers.Kind{
			{Name: "discord", Channel: checkSnowflake, Role: checkNumber, Config: func() notifiers.Config { return &discordConfig{APIURL: "https://discord.example/api"} }},
			{Name: "console", Config: func() notifiers.Config { return &consoleConfig{} }},
			{Name: "webhook", Channel: checkHook, Config: func() notifiers.Config { return &hookConfig{} }},
		},
	}
}

func checkNumber(role string) error {
	if strings.Trim(role, "0123456789") != "" {
		return errors.New("is no number")
	}
	return nil
}

type xConfig struct {
	BearerToken    string        `yaml:"bearer_token" jsonschema:"description=Token of the X app"`
	BaseURL        string        `yaml:"base_url"`
	DailyBudgetUSD float64       `yaml:"daily_budget_usd" jsonschema:"exclusiveMinimum=0"`
	Reposts        bool          `yaml:"reposts"`
	Pages          int           `yaml:"pages"`
	Wait           time.Duration `yaml:"wait"`
	Hosts          []string      `yaml:"hosts"`
	Since          time.Time     `yaml:"since"`
	Limits         struct {
		Posts int `yaml:"posts"`
	} `yaml:"limits"`
}

func (c *xConfig) Validate() error {
	var errs []error
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" {
		errs = append(errs, errors.New("base_url: must be an address such as https://api.x.example"))
	}
	if c.DailyBudgetUSD <= 0 {
		errs = append(errs, errors.New("daily_budget_usd: must be more than 0 dollars"))
	}
	if c.Pages > 100 {
		errs = append(errs, errors.New("100 pages are the most X gives"))
	}
	return errors.Join(errs...)
}

func (*xConfig) Open(sources.Env) (sources.Source, error) { return nil, sources.ErrNoCredentials }

type feedConfig struct {
	AllowPrivate bool `yaml:"allow_private"`
}

func (c *feedConfig) AllowsPrivate() bool                    { return c.AllowPrivate }
func (*feedConfig) Validate() error                          { return nil }
func (*feedConfig) Open(sources.Env) (sources.Source, error) { return nil, sources.ErrNoCredentials }

type discordConfig struct {
	Token  string `yaml:"token"`
	APIURL string `yaml:"api_url"`
}

func (*discordConfig) Validate() error { return nil }
func (*discordConfig) Open(notifiers.Env) (notifiers.Notifier, error) {
	return nil, notifiers.ErrNoCredentials
}

type consoleConfig struct{}

func (*consoleConfig) Validate() error { return nil }
func (*consoleConfig) Open(notifiers.Env) (notifiers.Notifier, error) {
	return nil, notifiers.ErrNoCredentials
}

type hookConfig struct {
	SigningSecret string `yaml:"signing_secret"`
}

func (*hookConfig) Validate() error { return nil }
func (*hookConfig) Open(notifiers.Env) (notifiers.Notifier, error) {
	return nil, notifiers.ErrNoCredentials
}

func checkHandle(a onrecord.Account) error {
	switch {
	case a.URL != "":
		return errors.New("url: an x account is named by its handle alone")
	case !regexp.MustCompile(`^\w{1,15}$`).MatchString(a.Handle):
		return fmt.Errorf("handle: %q is no X handle", a.Handle)
	}
	return nil
}

func checkURL(a onrecord.Account) error {
	if !strings.HasPrefix(a.URL, "http") {
		return errors.New("url: must begin with https://")
	}
	return nil
}

func checkSnowflake(t notifiers.Target) error {
	if !regexp.MustCompile(`^\d{17,20}$`).MatchString(t.Address) {
		return errors.New("channel: must be the channel's id: 17 to 20 digits")
	}
	return nil
}

func checkHook(t notifiers.Target) error {
	if !strings.HasPrefix(t.Address, "https://") {
		return errors.New("address: must begin with https://")
	}
	return nil
}
