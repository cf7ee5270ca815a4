using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CogniForge.Tests;

/// <summary>
/// Checks a service's OpenAPI document and its copy in <c>docs/openapi</c>. After an intended change, run the tests
/// with <c>UPDATE_OPENAPI=1</c> and commit the files.
/// </summary>
public static class OpenApiFile
{
    private const string Update = "UPDATE_OPENAPI";

    /// <summary>Asserts that the committed document equals the served one.</summary>
    public static async Task AssertCommittedAsync(HttpClient client, string service)
    {
        var file = Path.Combine(Repository.Root, "docs", "openapi", $"{service}.json");
        var served = Normalise(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, served);
        }

        var committed = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
        Assert.True(
            committed == served,
            $"docs/openapi/{service}.json differs from the API at {FirstDifference(committed, served)}\n"
                + $"If that is intended, run the tests once with {Update}=1 and commit the file."
        );
    }

    /// <summary>Asserts that the document is valid and describes each operation completely.</summary>
    /// <param name="client">The service.</param>
    /// <param name="anonymous">The ids of the operations that need no key.</param>
    public static async Task AssertCompleteAsync(HttpClient client, params string[] anonymous)
    {
        var text = await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        var (document, diagnostic) = OpenApiDocument.Parse(text, "json");
        Expect.None(
            "Errors of the reader",
            diagnostic!.Errors.Concat(diagnostic.Warnings).Select(e => e.ToString())
        );
        Assert.NotNull(document);
        Expect.None(
            "Violations of the specification",
            document.Validate(ValidationRuleSet.GetDefaultRuleSet()).Select(e => e.ToString())
        );

        var operations = document
            .Paths!.SelectMany(p => p.Value.Operations!.Select(o => (Name: $"{o.Key} {p.Key}", o.Value)))
            .ToList();
        Assert.NotEmpty(operations);
        Expect.None(
            "Operations without a summary",
            operations.Where(o => string.IsNullOrWhiteSpace(o.Value.Summary)).Select(o => o.Name)
        );
        Expect.None(
            "Operations without a unique id",
            operations
                .GroupBy(o => o.Value.OperationId)
                .Where(g => g.Key is null || g.Count() > 1)
                .SelectMany(g => g)
                .Select(o => o.Name)
        );

        Expect.None("Examples of responses that differ from their schemas", OpenApiExampleRules.Find(text));

        bool Describes(OpenApiOperation operation, int status) => operation.Responses!.ContainsKey($"{status}");
        Expect.None(
            "Operations with a key that lack the errors 401 or 503",
            operations
                .Where(o => o.Value.Security is { Count: > 0 } && !(Describes(o.Value, 401) && Describes(o.Value, 503)))
                .Select(o => o.Name)
        );
        Expect.None(
            "Operations with a body that lack the errors 400 or 413",
            operations
                .Where(o => o.Value.RequestBody is not null && !(Describes(o.Value, 400) && Describes(o.Value, 413)))
                .Select(o => o.Name)
        );
        static bool HasExample(IDictionary<string, OpenApiMediaType>? content) =>
            content?.TryGetValue("application/json", out var json) != true || json?.Example is not null;
        Expect.None(
            "Operations without an example of their JSON request",
            operations.Where(o => !HasExample(o.Value.RequestBody?.Content)).Select(o => o.Name)
        );
        Expect.None(
            "Operations without an example of their JSON response",
            operations
                .Where(o => o.Value.Responses!.Any(r => r.Key.StartsWith('2') && !HasExample(r.Value.Content)))
                .Select(o => o.Name)
        );
        Expect.None(
            "Parameters that are not camelCase",
            operations
                .SelectMany(o => o.Value.Parameters ?? [])
                .Where(p => p.In != ParameterLocation.Header && !char.IsLower(p.Name![0]))
                .Select(p => p.Name!)
        );

        var open = operations.Where(o =>
            o.Value.Security is not { Count: > 0 }
            || o.Value.Description?.Contains("Scope: `", StringComparison.Ordinal) != true
        );
        Assert.Equal(anonymous.Append("WhoAmI").Order(), open.Select(o => o.Value.OperationId!).Order());
    }

    /// <summary>
    /// Asserts that the service accepts the document's example bodies of POST without path parameters.
    /// </summary>
    /// <param name="client">The service.</param>
    /// <param name="except">The paths that need more than the service itself.</param>
    public static async Task AssertExamplesAsync(HttpClient client, params string[] except)
    {
        var paths = JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))![
            "paths"
        ]!.AsObject();
        var refused = new List<string>();
        var examples = paths
            .Where(p => !p.Key.Contains('{', StringComparison.Ordinal) && !except.Contains(p.Key))
            .Select(p => (Path: p.Key, p.Value!["post"]?["requestBody"]?["content"]?["application/json"]?["example"]))
            .Where(e => e.Item2 is not null)
            .ToList();
        Assert.NotEmpty(examples);
        foreach (var (path, example) in examples)
        {
            using var response = await client.PostAsync(path, example!.ToJsonString());
            if (!response.IsSuccessStatusCode)
            {
                refused.Add($"POST {path}: {await response.Content.ReadAsStringAsync()}");
            }
        }

        Expect.None("Examples that are refused", refused);
    }

    // Line endings and escapes must not depend on the machine.
    private static string Normalise(string json) =>
        JsonNode
            .Parse(json)!
            .ToJsonString(
                new JsonSerializerOptions
                {
                    WriteIndented = true,
                    NewLine = "\n",
                    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            ) + "\n";

    private static string FirstDifference(string committed, string served)
    {
        var (a, b) = (committed.Split('\n'), served.Split('\n'));
        var line = Enumerable
            .Range(0, Math.Max(a.Length, b.Length))
            .FirstOrDefault(i => a.ElementAtOrDefault(i) != b.ElementAtOrDefault(i));
        return $"line {line + 1}\n"
            + $"  committed: {a.ElementAtOrDefault(line)?.Trim()}\n"
            + $"  served:    {b.ElementAtOrDefault(line)?.Trim()}";
    }
}
