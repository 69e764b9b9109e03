package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/schedule"
	"onrecord/notifiers"
)

// digestGroup is what commands about digests begin with.
var digestGroup = notifiers.Group{Name: "digest", Labels: labels("digest")}

// digestDays are how often a digest can come: as a schedule has it, but for "daily".
var digestDays = []string{"daily", "mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// commonZones are suggested. Any other that has a name can be typed.
var commonZones = []string{
	"UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Athens", "Europe/Istanbul", "Africa/Cairo", "Africa/Johannesburg", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata",
	"Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Asia/Seoul", "Australia/Sydney", "Pacific/Auckland", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Mexico_City",
	"America/Sao_Paulo", "America/Argentina/Buenos_Aires",
}

// digestHours are suggested, with the end of all digests.
var digestHours = func() (list []string) {
	for h := range 24 {
		list = append(list, fmt.Sprintf("%02d:00", h))
	}
	return append(list, bot.NoDigest)
}()

func suggestOf(list []string) func(string) []notifiers.Choice {
	return func(typed string) []notifiers.Choice { return plainly(bot.Nearest(typed, list)) }
}

// unplanned is how far back a digest looks that is wanted where none comes.
const unplanned = 24 * time.Hour

// toldAs is one of the things that the channel of a request is told, with its words.
func (d desk) toldAs(ctx context.Context, r notifiers.Request, pickedID string) (ch bot.Channel, words, refused string, err error) {
	all, err := d.Following.Subscriptions(ctx)
	if err != nil {
		return ch, "", "", err
	}
	list, ids := d.toldHere(all, r.Channel)
	if len(list) == 0 {
		return ch, "", "This channel is told of nothing. /subscribe has it told of a case.", nil
	}
	if pickedID == "" {
		if pickedID, refused = pick(r.Values["what"], named(r.Values["what"], list, ids)); refused != "" {
			return ch, "", refused, nil
		}
	}
	ch, told := d.channel(pickedID)
	i := slices.Index(ids, pickedID)
	if i < 0 || !told {
		return ch, "", "This channel is not told of that any more.", nil
	}
	return ch, list[i], "", nil
}

// digestNow shows what a digest of this moment would say. The button below posts it.
func (d desk) digestNow(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	if !r.Manages {
		return refusal(onlyManagers, "see its digest before it comes")
	}
	w := wish{Do: "digest-now"}
	refused, err := "", error(nil)
	if r.Press != "" {
		w, refused, err = d.wished(ctx, r, w.Do)
	}
	if err != nil || refused != "" {
		return notifiers.Answer{Head: refused}, err
	}
	ch, words, refused, err := d.toldAs(ctx, r, w.Channel)
	if err != nil || refused != "" {
		return notifiers.Answer{Head: refused}, err
	}
	if r.Press != "" {
		return d.postDigest(ctx, r, w, ch)
	}
	from, err := d.Following.Digested(ctx, ch.ID)
	if err != nil {
		return notifiers.Answer{}, err
	}
	until := d.Now().Truncate(time.Millisecond)
	if from.IsZero() {
		from = until.Add(-unplanned)
	}
	digest, err := d.Following.DigestNow(ctx, ch.ID, from, until)
	if err != nil {
		return notifiers.Answer{}, err
	}
	if len(digest.Statements)+len(digest.Changes)+len(digest.Gaps) == 0 {
		return refusal("Since %s there was nothing to tell here of: %s. The digest %s.", moment(from), words, comes(ch.Digest.String()))
	}
	w = wish{Do: w.Do, Channel: ch.ID, From: from}
	post, err := d.asks(ctx, r, w, "Post it now")
	return notifiers.Answer{
		Head:   fmt.Sprintf("The digest so far of: %s. It %s. Nothing is posted yet.", words, comes(ch.Digest.String())),
		Notice: bot.Linked(ctx, ch, onrecord.DigestNotice{Digest: digest}), Buttons: []notifiers.Button{post},
	}, err
}

func (d desk) postDigest(ctx context.Context, r notifiers.Request, w wish, ch bot.Channel) (notifiers.Answer, error) {
	publishing := ch.ID + bot.PublishLane
	if _, published := d.channel(publishing); !published {
		publishing = ""
	}
	by := bot.MadeChange{Place: d.Place, Address: r.Channel, By: d.moderator(r).Name, What: "had the digest of " + ch.ID + " posted"}
	owed, err := d.Following.PostDigest(ctx, ch.ID, publishing, w.From, d.Now().Truncate(time.Millisecond), by)
	if err != nil {
		return notifiers.Answer{}, err
	}
	if !owed {
		return refusal("It is posted already: a digest that tells of this came first. /digest now shows what was said since.")
	}
	return notifiers.Answer{Head: "It is posted here within half a minute. The next digest goes on from now."}, d.Following.Follow(ctx)
}

// digestAt changes when the digest of this channel comes, in two steps.
func (d desk) digestAt(ctx context.Context, r notifiers.Request) (notifiers.Answer, error) {
	if !r.Manages {
		return refusal(onlyManagers, "say when its digest comes")
	}
	w := wish{Do: "digest-at"}
	refused, err := "", error(nil)
	if r.Press != "" {
		w, refused, err = d.wished(ctx, r, w.Do)
	} else {
		w.For, refused = digestSpec(r.Values)
	}
	if err != nil || refused != "" {
		return notifiers.Answer{Head: refused}, err
	}
	ch, words, refused, err := d.toldAs(ctx, r, w.Channel)
	if err != nil || refused != "" {
		return notifiers.Answer{Head: refused}, err
	}
	plan := bot.DigestPlan{Schedule: w.For, Since: d.Now()}.Of(ch)
	first := ""
	if next := plan.Digest.Next(d.Now()); !next.IsZero() {
		first = ", for the first time on " + moment(next)
	}
	if r.Press == "" {
		w.Channel = ch.ID
		save, err := d.asks(ctx, r, w, "Save")
		return notifiers.Answer{
			Head:    fmt.Sprintf("The digest of this would come %s%s: %s. By now it %s. Nothing is changed yet.", inWords(w.For), first, words, comes(ch.Digest.String())),
			Buttons: []notifiers.Button{save},
		}, err
	}
	by := bot.MadeChange{Place: d.Place, Address: r.Channel, By: d.moderator(r).Name, What: fmt.Sprintf("wants the digest of %s %s", ch.ID, inWords(w.For))}
	err = d.Following.PlanDigest(ctx, ch.ID, w.For, by)
	if errors.Is(err, bot.ErrUnsubscribed) {
		return refusal("This channel is not told of that any more.")
	}
	if err != nil {
		return notifiers.Answer{}, err
	}
	return notifiers.Answer{Head: fmt.Sprintf("Saved. The digest comes %s%s: %s.", inWords(w.For), first, words)}, d.Following.Follow(ctx)
}

var timeOfDay = regexp.MustCompile(`^([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?$`)

// digestSpec is the schedule that somebody typed, or what is wrong with it.
func digestSpec(values map[string]string) (spec, refused string) {
	hour, zone, day := strings.TrimSpace(values["hour"]), values["zone"], values["day"]
	if hour == bot.NoDigest {
		return bot.NoDigest, ""
	}
	m := timeOfDay.FindStringSubmatch(hour)
	if m == nil {
		return "", fmt.Sprintf("“%s” is no time of the day. Write one such as 8, 18:00 or 21:30; off ends the digest.", hour)
	}
	h, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	if spec = fmt.Sprintf("%d %d * * %s", minute, h, day); day == "" || day == "daily" {
		spec = fmt.Sprintf("%d %d * * *", minute, h)
	} else if !slices.Contains(digestDays, day) {
		return "", fmt.Sprintf("“%s” is no day. There are %s.", day, or(digestDays))
	}
	if zone != "" && zone != "UTC" {
		spec = "CRON_TZ=" + zone + " " + spec
	}
	if _, err := schedule.Parse(spec); err != nil {
		near := bot.Nearest(zone, commonZones)
		return "", fmt.Sprintf("“%s” is no time zone. Did you mean %s?", zone, or(near[:min(len(near), 3)]))
	}
	return spec, ""
}

// ours is the form of a schedule that people made.
var ours = regexp.MustCompile(`^(?:CRON_TZ=(\S+) )?(\d+) (\d+) \* \* (\*|[a-z]{3})$`)

// inWords is a schedule for people; one of another form stands for itself.
func inWords(spec string) string {
	switch spec {
	case "":
		return "never"
	case bot.NoDigest:
		return "no more"
	case "@daily":
		spec = "0 0 * * *"
	case "@weekly":
		spec = "0 0 * * sun"
	}
	m := ours.FindStringSubmatch(spec)
	if m == nil {
		return "by the schedule " + spec
	}
	day := "day"
	for i := range 7 {
		if name := time.Weekday(i).String(); strings.EqualFold(name[:3], m[4]) {
			day = name
		}
	}
	return fmt.Sprintf("every %s at %02s:%02s %s", day, m[3], m[2], cmp.Or(m[1], "UTC"))
}

// comes says when a digest comes by itself.
func comes(spec string) string {
	if spec == "" {
		return "does not come by itself: /digest at has it come"
	}
	return "comes " + inWords(spec)
}
