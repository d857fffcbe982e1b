// Package main serves the Go TPM simulator (Microsoft's reference code for TPM
// 2.0, through github.com/google/go-tpm-tools/simulator) on a Unix socket, as
// swtpm serves its data channel: commands and responses as they are, one
// connection at a time, the TPM living as long as the process.
//
//	simtpm SOCKET
//
// It is the second implementation that the agent's tests run against, beside
// swtpm. It needs cgo and OpenSSL's headers; without cgo it says so and ends. The
// TPM's state is in memory alone.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/google/go-tpm-tools/simulator"
)

// maxCommand is more than the reference code takes of one command (MAX_COMMAND_SIZE, 4096 bytes).
const maxCommand = 8192

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "simtpm:", err)
		os.Exit(1)
	}
}

func serve(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: simtpm SOCKET")
	}
	tpm, err := simulator.Get()
	if err != nil {
		return err
	}
	l, err := net.Listen("unix", args[0])
	if err != nil {
		return errors.Join(err, tpm.Close())
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			return errors.Join(err, tpm.Close())
		}
		for err == nil {
			err = answer(conn, tpm)
		}
		_ = conn.Close() // whoever asked has gone, or sent what is no command
	}
}

// answer passes one command on: a header of ten bytes with the whole length in
// it (TCG TPM 2.0 Library, part 1, §18.2), and its response back.
func answer(conn net.Conn, tpm io.ReadWriter) error {
	command := make([]byte, 10)
	if _, err := io.ReadFull(conn, command); err != nil {
		return err
	}
	size := binary.BigEndian.Uint32(command[2:])
	if size < 10 || size > maxCommand {
		return fmt.Errorf("a command of %d bytes", size)
	}
	command = append(command, make([]byte, size-10)...)
	if _, err := io.ReadFull(conn, command[10:]); err != nil {
		return err
	}
	if _, err := tpm.Write(command); err != nil {
		return err
	}
	response := make([]byte, maxCommand)
	n, err := tpm.Read(response)
	if err != nil {
		return err
	}
	_, err = conn.Write(response[:n])
	return err
}
