package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onrecord/notifiers"
	"onrecord/notifiers/discord/message"
	"onrecord/statements/card"
)

// Discord's own codes about members and their roles.
const (
	codeUnknownMember = 10007
	codeUnknownRole   = 10011
	codeNoPermission  = 50013
)

// guildRole is what is read of a role.
type guildRole struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Permissions bits   `json:"permissions"`
	Position    int    `json:"position"`
	Managed     bool   `json:"managed"`
	Mentionable bool   `json:"mentionable"`
}

// GiveRole implements [notifiers.RoleGiver]. Giving twice is the same as once.
// https://discord.com/developers/docs/resources/guild#add-guild-member-role
func (n *notifier) GiveRole(ctx context.Context, to notifiers.Target, role string, reader notifiers.Reader, given bool) error {
	if !snowflake.MatchString(reader.ID) || !snowflake.MatchString(role) {
		return errors.New("neither a reader nor a role of Discord's is called so")
	}
	guild, err := n.guild(ctx, to.Address)
	if err != nil {
		return err
	}
	r := memberRole(guild, reader.ID, role, given)
	x, err := n.do(ctx, r, message.Payload{}, sendPatience)
	switch {
	case err != nil:
		return err
	case x.ok():
		return nil
	case x.code == codeUnknownMember:
		return notifiers.RefusedError{Why: "Only members of the server have its roles, and you are none."}
	case x.code == codeUnknownRole, x.code == codeNoPermission:
		if _, giving, _, err := n.againstRole(ctx, guild, role); err == nil && len(giving) > 0 {
			return notifiers.RefusedError{Why: strings.Join(giving, " ")}
		}
	}
	return refused(r, x)
}

// ProbeRole implements [notifiers.RoleGiver].
func (n *notifier) ProbeRole(ctx context.Context, to notifiers.Target, role string) error {
	guild, err := n.guild(ctx, to.Address)
	if err != nil {
		return err
	}
	calling, giving, bare, err := n.againstRole(ctx, guild, role)
	if err != nil || len(calling)+len(giving) == 0 {
		return err
	}
	if bare {
		giving = append(giving, "Inviting it again gives it that, and keeps what it has: "+n.invitation(guild, permission{bit: manageRoles}))
	}
	return notifiers.RefusedError{Why: strings.Join(append(calling, giving...), " ")}
}

// ProbeGiver implements [notifiers.RoleGiver]: nobody is given by the bot what who wants it so
// could not give.
func (n *notifier) ProbeGiver(ctx context.Context, to notifiers.Target, role string, has []string) error {
	guild, err := n.guild(ctx, to.Address)
	if err != nil {
		return err
	}
	var roles []guildRole
	if err := n.get(ctx, guildRoles(guild), &roles, sendPatience); err != nil {
		return err
	}
	var everyone bits
	highest := 0
	for _, r := range roles {
		if r.ID == guild {
			everyone = r.Permissions
		}
		if slices.Contains(has, r.ID) {
			highest = max(highest, r.Position)
		}
	}
	for _, r := range roles {
		switch name := "“" + card.Line(r.Name, maxName) + "”"; {
		case r.ID != role:
		case r.Permissions&^everyone != 0:
			return notifiers.RefusedError{Why: fmt.Sprintf("The role %s lets its members do more than everybody may, and would be given to whoever asks. Take one without permissions of its own.", name)}
		case has != nil && r.Position >= highest:
			return notifiers.RefusedError{Why: fmt.Sprintf("The role %s does not stand below yours, so that you may not give it.", name)}
		}
	}
	return nil
}

// againstRole says what keeps a role from being called, and what from being given; bare: the
// bot may give none.
// https://discord.com/developers/docs/topics/permissions#permission-hierarchy
func (n *notifier) againstRole(ctx context.Context, guild, id string) (calling, giving []string, bare bool, err error) {
	const mentionEveryone = 1 << 17
	self, err := n.whoAmI(ctx, sendPatience)
	if err != nil {
		return nil, nil, false, err
	}
	var roles []guildRole
	if err := n.get(ctx, guildRoles(guild), &roles, sendPatience); err != nil {
		return nil, nil, false, err
	}
	var member struct {
		Roles []string `json:"roles"`
	}
	if err := n.get(ctx, guildMember(guild, self), &member, sendPatience); err != nil {
		return nil, nil, false, err
	}
	var have bits
	top := 0
	for _, r := range roles {
		if r.ID == guild || slices.Contains(member.Roles, r.ID) {
			have, top = have|r.Permissions, max(top, r.Position)
		}
	}
	i := slices.IndexFunc(roles, func(r guildRole) bool { return r.ID == id })
	if i < 0 || id == guild || roles[i].Managed {
		return nil, []string{"The role " + id + " is none that members of this server can be given. Whoever runs onrecord can name another: channels, ping."}, false, nil
	}
	name := "“" + card.Line(roles[i].Name, maxName) + "”"
	if have&(administrator|mentionEveryone) == 0 && !roles[i].Mentionable {
		calling = append(calling, fmt.Sprintf("The role %s cannot be mentioned: switch on “Allow anyone to @mention this role” in its settings.", name))
	}
	if bare = have&(administrator|manageRoles) == 0; bare {
		giving = append(giving, "The bot lacks Manage Roles: an administrator of the server can grant it.")
	}
	if roles[i].Position >= top {
		giving = append(giving, fmt.Sprintf("The role %s stands above those of the bot: an administrator can drag the bot's above it, in the server's settings, Roles.", name))
	}
	return calling, giving, bare, nil
}
