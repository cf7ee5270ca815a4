using System.Net;
using System.Net.Sockets;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>The address from which a request comes: that of the connection, unless a trusted proxy names it.</summary>
internal static class ClientAddress
{
    private const int IPv6PrefixBytes = 8;

    /// <returns>The address, IPv4 if it is IPv4-mapped; null for in-process requests.</returns>
    public static IPAddress? Get(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4()
            : context.Connection.RemoteIpAddress;

    /// <returns>The IPv4 address, or the /64 of an IPv6 address, which is what one customer gets.</returns>
    public static string? GetNetwork(HttpContext context)
    {
        var address = Get(context);
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            return address?.ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(IPv6PrefixBytes).Clear();
        return $"{new IPAddress(bytes)}/{IPv6PrefixBytes * 8}";
    }
}
