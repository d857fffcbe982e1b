// Command caller is a customer with a telephone: it rings a SIP address, speaks,
// presses keys, and says what it hears. It is a test peer and no part of the
// product.
//
//	caller -to sip:0312345678@127.0.0.1:5060 -from 09012345678 -say hello.wav -press 1,2,# -after 2s -hold 20s -heard heard.wav
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/sekisho/sekisho/test/caller/telephone"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "caller:", err)
		os.Exit(1)
	}
}

func run() error {
	o := telephone.Options{Told: func(line string) { fmt.Println(line) }}
	flag.StringVar(&o.To, "to", "", "sip:NUMBER@host:port to ring")
	flag.StringVar(&o.From, "from", "09012345678", "the caller's number; anonymous withholds it")
	say := flag.String("say", "", "a WAV file to say once it is answered")
	press := flag.String("press", "", "keys to press, with commas between them")
	flag.DurationVar(&o.After, "after", 2*time.Second, "how long to wait before each key")
	flag.BoolVar(&o.InBand, "inband", false, "press the keys as sound")
	flag.DurationVar(&o.Hold, "hold", 0, "how long to stay once it is answered; 0: until the other side hangs up")
	heard := flag.String("heard", "", "a WAV file for what is heard")
	flag.Parse()
	o.Press = strings.ReplaceAll(*press, ",", "")
	if *say != "" {
		file, err := os.ReadFile(*say)
		if err != nil {
			return err
		}
		o.Say = file
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	call, err := telephone.Ring(ctx, o)
	if *heard != "" && len(call.Heard) > 0 {
		if werr := os.WriteFile(*heard, call.WAV(), 0o600); err == nil {
			err = werr
		}
	}
	return err
}
