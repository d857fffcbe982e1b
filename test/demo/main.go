// Command demo is `make run`: it starts a demonstration centre on loopback —
// server, one issued PC, a virtual desktop, invented people — prints where to
// click, and on Ctrl-C ends everything and removes what it made.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/clips"
)

func main() {
	clip := flag.String("clip", "", "play this film as the camera (any file that ffmpeg reads)")
	keep := flag.Bool("keep", false, "keep the data folder afterwards")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *clip, *keep); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, clip string, keep bool) error {
	dir, err := os.MkdirTemp("", "sekisho-demo-")
	if err != nil {
		return err
	}
	if keep {
		defer fmt.Println("data kept in", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	step := func(ja, en string) { fmt.Printf("  %s  %s\n", ja, en) }

	step("顔認証のモデルを探しています…", "looking for the face models")
	models, err := centre.FindModels(ctx)
	if err != nil {
		return err
	}
	step("サーバーを起動しています…", "starting the server")
	c, err := centre.Start(ctx, centre.Options{Dir: dir, Console: preferred("127.0.0.1:8080")})
	if err != nil {
		return err
	}
	defer c.Close()

	step("仮想デスクトップを起動しています…", "starting the virtual desktop")
	d, err := centre.StartDesktop(ctx, filepath.Join(dir, "desktop"))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := c.Name(ctx, d, "業務デスクトップ 1", "operator"); err != nil {
		return err
	}

	step("見本のPCを貸与しています…", "issuing the demonstration's PC")
	port := 7777
	if !free("127.0.0.1:7777") {
		port = 0
	}
	o := centre.PCOptions{Tag: "DEMO-PC-01", Person: "operator", Policy: "demo", Port: port, Open: display(), Models: models.Dir}
	if clip != "" {
		film := filepath.Join(dir, "camera.mjpeg")
		if err := clips.Convert(ctx, clip, film); err != nil {
			return err
		}
		o.Camera = film
	}
	pc, err := c.Issue(ctx, o)
	if err != nil {
		return err
	}
	defer pc.Close()
	page, err := pc.Start(ctx)
	if err != nil {
		return err
	}
	announce(c, pc, models, page, caller())
	enter := make(chan struct{})
	go pressed(enter)
	for {
		select {
		case <-enter:
			if page, err = pc.Ticket(ctx); err != nil {
				return err
			}
			fmt.Printf("  オペレーター画面  operator   %s\n", page)
		case <-c.Server.Done():
			return errors.New("the server ended:\n" + c.Server.Tail())
		case <-pc.Agent.Done():
			return errors.New("the agent ended:\n" + pc.Agent.Tail())
		case <-ctx.Done():
			fmt.Println("\n  終了しています…  ending")
			return nil
		}
	}
}

// caller is the command of a customer's telephone, which lies beside this one.
func caller() []string {
	self, err := os.Executable()
	if err == nil {
		beside := filepath.Join(filepath.Dir(self), "caller")
		if _, err := os.Stat(beside); err == nil {
			return []string{beside}
		}
	}
	return []string{"go", "run", "./test/caller"}
}

// pressed tells of every Enter. Reading a terminal cannot be called off: it ends
// with the program, or with its input.
func pressed(enter chan<- struct{}) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		enter <- struct{}{}
	}
}

func display() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }

func free(addr string) bool {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// preferred is addr if nobody has it, else a free port.
func preferred(addr string) string {
	if free(addr) {
		return addr
	}
	return ""
}
