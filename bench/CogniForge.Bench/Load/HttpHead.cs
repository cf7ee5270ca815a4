using System.Text;

namespace CogniForge.Bench.Load;

/// <summary>Parses the head of an HTTP/1.1 message.</summary>
internal static class HttpHead
{
    /// <summary>The value of a header, by case-insensitive name; empty if it is absent.</summary>
    /// <param name="head">The start line and the headers, each with its line ending.</param>
    /// <param name="name">The header's name.</param>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (var line = head; line.IndexOf("\r\n"u8) is >= 0 and var end; line = line[(end + 2)..])
        {
            if (end > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                return line[(name.Length + 1)..end].Trim((byte)' ');
            }
        }

        return default;
    }
}
