using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>Places in a resource's variables and arguments that differ from instance to instance, filled in when one starts.</summary>
internal static class InstanceTokens
{
    public const string InstanceSuffix = "{{- instanceSuffix -}}";

    public static string Port(string endpoint) => $$$"""{{- portForServing "{{{endpoint}}}" -}}""";

    public static string Fill(string value, string instanceId, IReadOnlyDictionary<string, int> ports)
    {
        if (!value.Contains("{{-", StringComparison.Ordinal))
            return value;
        value = value.Replace(InstanceSuffix, instanceId[(instanceId.LastIndexOf('-') + 1)..], StringComparison.Ordinal);
        foreach (var (endpoint, port) in ports)
            value = value.Replace(Port(endpoint), port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return value;
    }
}
