package discordtest

import (
	"net/http"
	"slices"
	"strings"
)

func (s *Server) giveRole(c call) reply { return s.changeRole(c, true) }
func (s *Server) takeRole(c call) reply { return s.changeRole(c, false) }

// changeRole follows the hierarchy of roles: only those below one's own highest are given.
// https://discord.com/developers/docs/topics/permissions#permission-hierarchy
func (s *Server) changeRole(c call, given bool) reply {
	user, r := c.PathValue("u"), s.roles[c.PathValue("r")]
	var have uint64
	top := 0
	for _, o := range s.roles {
		if o.Ours {
			have, top = have|o.Permissions, max(top, o.Position)
		}
	}
	switch {
	case c.PathValue("g") != GuildID:
		return problem(http.StatusNotFound, 10004, "Unknown Guild")
	case r == nil:
		return problem(http.StatusNotFound, 10011, "Unknown Role")
	case s.left[user]:
		return problem(http.StatusNotFound, 10007, "Unknown Member")
	case have&(ManageRoles|Administrator) == 0, r.Position >= top, r.Managed, r.ID == GuildID:
		return noRight
	}
	r.Members = slices.DeleteFunc(r.Members, func(m string) bool { return m == user })
	if given {
		r.Members = append(r.Members, user)
	}
	return reply{status: http.StatusNoContent, header: http.Header{}}
}

// notify calls who is named in a text. The bot calls only roles that everybody may.
func (s *Server) notify(text string, allowed *Mentions) {
	for _, who := range pinged(text, allowed) {
		id, is := strings.CutPrefix(who, "role ")
		if r := s.roles[id]; is && r != nil && !r.Mentionable {
			continue
		}
		s.pings = append(s.pings, who)
	}
}
