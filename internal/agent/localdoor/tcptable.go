package localdoor

import (
	"encoding/binary"
	"net/netip"
)

// connectionRow is one row of Windows' table of TCP connections.
type connectionRow struct {
	local, remote netip.AddrPort
	pid           uint32
}

// parseConnections reads MIB_TCPTABLE_OWNER_PID or MIB_TCP6TABLE_OWNER_PID: a
// count, then rows; ports and IPv4 addresses are in network order. It stands
// apart from the calls that fetch the table, so that it is tested everywhere.
func parseConnections(table []byte, six bool) (rows []connectionRow) {
	if len(table) < 4 {
		return nil
	}
	size := 24 // state, local address and port, remote address and port, process
	if six {
		size = 56 // address, scope and port, twice; state; process
	}
	n := uint64(binary.LittleEndian.Uint32(table))
	for rest := table[4:]; n > 0 && len(rest) >= size; n, rest = n-1, rest[size:] {
		row := rest[:size]
		if six {
			rows = append(rows, connectionRow{
				local:  end(row[0:16], row[20:22]),
				remote: end(row[24:40], row[44:46]),
				pid:    binary.LittleEndian.Uint32(row[52:]),
			})
			continue
		}
		rows = append(rows, connectionRow{
			local:  end(row[4:8], row[8:10]),
			remote: end(row[12:16], row[16:18]),
			pid:    binary.LittleEndian.Uint32(row[20:]),
		})
	}
	return rows
}

func end(address, port []byte) netip.AddrPort {
	a, _ := netip.AddrFromSlice(address) // its length is a constant
	return plain(netip.AddrPortFrom(a, binary.BigEndian.Uint16(port)))
}

func plain(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}
