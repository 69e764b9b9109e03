package message

// Discord's limits, in UTF-16 units of trimmed text where they count text.
// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
// https://discord.com/developers/docs/components/reference
const (
	MaxBytes = 25 << 20 // of a request

	maxFiles    = 10
	maxFileName = 1024
	maxFileAlt  = 1024

	maxContent     = 2000
	maxEmbedText   = 6000 // of all embeds of a message together
	maxDescription = 4096
	maxAuthor      = 256
	maxFieldValue  = 1024
	maxLink        = 2048 // of an embed
	maxButtonLink  = 512
	maxFooter      = 2048
	maxLabel       = 80
	maxCustomID    = 100
	maxButtons     = 5 // in a row

	// MaxChoices is how many an option can have, or an autocompletion.
	MaxChoices = 25
	// MaxChoice bounds the name of one, and its value.
	MaxChoice = 100
)
