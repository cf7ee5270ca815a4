using System.Net;
using System.Net.Sockets;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The ranges of addresses from which a key is accepted.</summary>
internal static class AddressRanges
{
    public const int Max = 50;

    private const string Field = "allowedAddresses";

    public static IEnumerable<FieldError> Validate(IReadOnlyList<string>? ranges)
    {
        if (ranges is { Count: 0 or > Max })
        {
            return [new(Field, $"must have 1 to {Max} addresses or ranges, or be null for all addresses")];
        }

        return (ranges ?? [])
            .Index()
            .Where(r => !TryParse(r.Item, out _))
            .Select(r => new FieldError(
                $"{Field}[{r.Index}]",
                "must be an IPv4 or IPv6 address, or a CIDR range without host bits, e.g. 192.0.2.0/24"
            ));
    }

    /// <summary>Writes valid ranges in their shortest form, each with its prefix length.</summary>
    public static IReadOnlyList<string>? Normalize(IReadOnlyList<string>? ranges) =>
        Parse(ranges) is { } parsed ? [.. parsed.Select(r => r.ToString()).Distinct()] : null;

    /// <summary>Parses valid ranges.</summary>
    public static IReadOnlyList<IPNetwork>? Parse(IReadOnlyList<string>? ranges) =>
        ranges is null
            ? null
            : [.. ranges.Select(r => TryParse(r, out var range) ? range : throw new FormatException())];

    /// <summary>Whether some ranges contain all of another.</summary>
    public static bool Contain(IReadOnlyList<IPNetwork> ranges, IPNetwork other) =>
        ranges.Any(r => r.PrefixLength <= other.PrefixLength && r.Contains(other.BaseAddress));

    // IPv4 also has short and hexadecimal forms, which hide what they mean.
    private static bool TryParse(string? text, out IPNetwork range)
    {
        range = default;
        var parts = text?.Split('/') ?? [];
        if (
            parts.Length is not (1 or 2)
            || parts[0].Any(c => !char.IsAsciiHexDigit(c) && c is not (':' or '.'))
            || !IPAddress.TryParse(parts[0], out var address)
            || address.IsIPv4MappedToIPv6
            || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != parts[0])
        )
        {
            return false;
        }

        range = new(address, address.GetAddressBytes().Length * 8);
        return parts.Length == 1 || (IPNetwork.TryParse(text, out range) && range.BaseAddress.Equals(address));
    }
}
