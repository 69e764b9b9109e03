package xtest

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// timelineQuery is what a request for a timeline asks for.
type timelineQuery struct {
	since, until         uint64
	start, end           time.Time
	size, offset         int
	noReplies, noReposts bool
	spelling             spelling
}

func readTimeline(q url.Values) (ask timelineQuery, bad *refusal) {
	ask.size = 10
	if v := q.Get("max_results"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 5 || n > 100 {
			return ask, invalid("max_results", v, fmt.Sprintf("The `max_results` query parameter value [%s] is not between 5 and 100", v))
		}
		ask.size = n
	}
	if ask.since, bad = readID(q, "since_id"); bad != nil {
		return ask, bad
	}
	if ask.until, bad = readID(q, "until_id"); bad != nil {
		return ask, bad
	}
	if ask.since == 0 { // since_id wins over start_time
		if ask.start, bad = readTime(q, "start_time"); bad != nil {
			return ask, bad
		}
	}
	if ask.end, bad = readTime(q, "end_time"); bad != nil {
		return ask, bad
	}
	if v := q.Get("pagination_token"); v != "" {
		if ask.offset, bad = readToken(v); bad != nil {
			return ask, bad
		}
	}
	if v := q.Get("exclude"); v != "" {
		for e := range strings.SplitSeq(v, ",") {
			switch e {
			case "replies":
				ask.noReplies = true
			case "retweets":
				ask.noReposts = true
			default:
				return ask, invalid("exclude", e, fmt.Sprintf("The `exclude` query parameter value [%s] is not one of [replies,retweets]", e))
			}
		}
	}
	ask.spelling, bad = readSpelling(q)
	return ask, bad
}

func readID(q url.Values, name string) (uint64, *refusal) {
	v := q.Get(name)
	if v == "" && !q.Has(name) {
		return 0, nil
	}
	id, err := strconv.ParseUint(v, 10, 64)
	if err != nil || len(v) > 19 {
		return 0, invalid(name, v, fmt.Sprintf("The `%s` query parameter value [%s] does not match ^[0-9]{1,19}$", name, v))
	}
	return id, nil
}

func readTime(q url.Values, name string) (time.Time, *refusal) {
	v := q.Get(name)
	if v == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return at, invalid(name, v, fmt.Sprintf("The `%s` query parameter value [%s] is not a valid date-time", name, v))
	}
	return at, nil
}

// tokenPrefix makes a page token look as opaque as X's. It counts posts from
// the newest, so a post made between two pages shifts them.
const tokenPrefix = "7140dibdnow9c7btw"

func pageToken(offset int) string { return tokenPrefix + strconv.FormatInt(int64(offset), 36) }

func readToken(v string) (int, *refusal) {
	digits, ok := strings.CutPrefix(v, tokenPrefix)
	n, err := strconv.ParseInt(digits, 36, 32)
	if !ok || err != nil || n < 0 {
		return 0, invalid("pagination_token", v, fmt.Sprintf("The `pagination_token` query parameter value [%s] is not valid", v))
	}
	return int(n), nil
}

// spelling is which of X's two vocabularies a request uses and what it asks for.
type spelling struct {
	posts  bool // the newer one, of post.fields
	wanted []string
}

// The names of the two vocabularies, from X's OpenAPI files 2.159 (tweets) and
// 2.167 (posts).
var (
	userFields = strings.Fields(`affiliation confirmed_email connection_status created_at description entities id
		is_identity_verified location most_recent_tweet_id name parody pinned_tweet_id profile_banner_url
		profile_image_url protected public_metrics receives_your_dm subscription subscription_type url username
		verified verified_followers_count verified_type withheld`)
	tweetFields = strings.Fields(`article attachments author_id card_uri community_id context_annotations
		conversation_id created_at display_text_range edit_controls edit_history_tweet_ids entities geo id
		in_reply_to_user_id lang media_metadata non_public_metrics note_tweet organic_metrics possibly_sensitive
		promoted_metrics public_metrics referenced_tweets reply_settings scopes source suggested_source_links
		suggested_source_links_with_counts text withheld`)
	tweetExpansions = strings.Fields(`article.cover_media article.media_entities attachments.media_keys
		attachments.media_source_tweet attachments.poll_ids author_id edit_history_tweet_ids
		entities.mentions.username geo.place_id in_reply_to_user_id entities.note.mentions.username
		referenced_tweets.id referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id`)
	postFields = strings.Fields(`article article_title attachments card_uri community_id context_annotations
		conversation_id created_at display_text_range edit_controls entities geo id lang matched_media_notes
		media_metadata non_public_metrics note_post note_request_suggestions organic_metrics paid_partnership
		possibly_sensitive promoted_metrics public_metrics reply_settings scopes source suggested_source_links
		suggested_source_links_with_counts text withheld`)
	postExpansions = strings.Fields(`article.cover_media article.media_entities attachments.media_keys
		attachments.media_source_tweet attachments.poll_ids author_id edit_history_post_ids
		entities.mentions.username geo.place_id in_reply_to_user_id referenced_posts username`)
)

// readSpelling reads fields and expansions. A name of the other vocabulary is
// taken and ignored, which is X's trap; any other name is refused.
func readSpelling(q url.Values) (spelling, *refusal) {
	s := spelling{posts: q.Has("post.fields")}
	parameter, fields, foreign := "tweet.fields", tweetFields, postFields
	expansions, foreignExpansions := tweetExpansions, postExpansions
	if s.posts {
		parameter, fields, foreign = "post.fields", postFields, tweetFields
		expansions, foreignExpansions = postExpansions, tweetExpansions
	}
	if bad := s.want(q, parameter, fields, foreign); bad != nil {
		return s, bad
	}
	if bad := s.want(q, "expansions", expansions, foreignExpansions); bad != nil {
		return s, bad
	}
	return s, nil
}

func (s *spelling) want(q url.Values, parameter string, known, foreign []string) *refusal {
	if q.Get(parameter) == "" {
		return nil
	}
	for name := range strings.SplitSeq(q.Get(parameter), ",") {
		switch {
		case slices.Contains(known, name):
			s.wanted = append(s.wanted, name)
		case slices.Contains(foreign, name):
		default:
			return invalid(parameter, name, fmt.Sprintf("The `%s` query parameter value [%s] is not one of [%s]", parameter, name, strings.Join(known, ",")))
		}
	}
	return nil
}
