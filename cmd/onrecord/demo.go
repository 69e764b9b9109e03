package main

import (
	"fmt"
	"os"

	"onrecord/cmd/onrecord/demo"
)

type demoCommand struct{}

func (demoCommand) Run(t *terminal) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program, to start it once more: %w", err)
	}
	return demo.Run(t.ctx, demo.Options{Program: self, Out: t.screen(), Width: t.width(), Color: t.color()})
}
