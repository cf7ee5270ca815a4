using System.Globalization;
using System.Text.Json;

namespace CogniForge.ServingDemo;

/// <summary>Reads figures of reports, as the demo prints them.</summary>
internal static class Figures
{
    public static int Count(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static string Number(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
            ? value.GetDouble().ToString("0.###", CultureInfo.InvariantCulture)
            : "unknown";

    public static string Percent(JsonElement element, string name) => Percent(element.GetProperty(name).GetDouble());

    public static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}
