package app

import "context"

type mailCmd struct {
	Test mailTestCmd `cmd:"" help:"Send one mail by the settings, and say what is wrong with them."`
}

type mailTestCmd struct {
	Address string `arg:"" help:"Where the mail goes."`
}

// Run sends without the running server: the settings are what is tried.
func (c mailTestCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	language := terminalLanguage()
	if err := set.Mail.of().Test(ctx, c.Address, language, sh.clock.Now()); err != nil {
		return err
	}
	if language == "en" {
		sh.say("The mail server took the mail. See that it arrives.")
	} else {
		sh.say("メールサーバーがメールを受け取りました。届いたことを確かめてください。")
	}
	return nil
}
