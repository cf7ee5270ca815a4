using System.Text.Json;

namespace CogniForge.Serving.Models;

/// <summary>Approximate sizes in bytes, so that pages end early.</summary>
internal static class StoredSize
{
    public static long Estimate(RegisteredModel model) => model.Description.Length + Estimate(model.Tags);

    public static long Estimate(ModelVersion version) =>
        version.Description.Length
        + Estimate(version.Tags)
        + JsonSerializer.SerializeToUtf8Bytes(version.Details, RegistryJson.Options).Length;

    private static long Estimate(IReadOnlyDictionary<string, string> tags) =>
        tags.Sum(t => (long)t.Key.Length + t.Value.Length);
}
