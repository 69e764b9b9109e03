package onrecord

// The kinds of a [PublicationNotice].
const (
	Publication       NoticeKind = "publication"        // of the message of a statement
	DigestPublication NoticeKind = "digest_publication" // of a digest
)

// PublicationNotice has a message published to those who follow its channel from
// elsewhere. It has no message of its own.
type PublicationNotice struct{ kind NoticeKind }

var (
	publication = definition{
		kind: Publication, letter: "x", publishes: NewStatement, subject: statementName,
		of: func(f Facts) Notice {
			if f.Statement == nil {
				return nil
			}
			return PublicationNotice{Publication}
		},
	}
	digestPublication = definition{
		kind: DigestPublication, letter: "z", publishes: DigestDue, subject: digestName,
		of: func(f Facts) Notice {
			if f.Digest == nil {
				return nil
			}
			return PublicationNotice{DigestPublication}
		},
	}
)

// Kind implements [Notice].
func (n PublicationNotice) Kind() NoticeKind { return n.kind }

// In implements [Notice].
func (n PublicationNotice) In(map[string]Case) Notice { return n }

func (PublicationNotice) closed() {}
