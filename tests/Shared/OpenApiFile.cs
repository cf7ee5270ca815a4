using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CogniForge.Tests;

/// <summary>
/// The OpenAPI document of a service, as it is and as it is committed in <c>docs/openapi</c>. After a wanted change of the API: <c>UPDATE_OPENAPI=1 dotnet test</c>, and commit the files.
/// </summary>
public static class OpenApiFile
{
    private const string Update = "UPDATE_OPENAPI";

    /// <summary>The committed document is what the service serves.</summary>
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
            $"The API of {service} is not what docs/openapi/{service}.json says, first at: {FirstDifference(committed, served)}\nIf that is wanted, run the tests once with {Update}=1 and commit the file."
        );
    }

    /// <summary>The document follows the specification, and says of each operation what it is for, its id and what it takes to call it.</summary>
    /// <param name="client">The service.</param>
    /// <param name="anonymous">The ids of the operations that need no key.</param>
    public static async Task AssertCompleteAsync(HttpClient client, params string[] anonymous)
    {
        var text = await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        var (document, diagnostic) = OpenApiDocument.Parse(text, "json");
        Expect.None(
            "What the reader finds wrong",
            diagnostic!.Errors.Concat(diagnostic.Warnings).Select(e => e.ToString())
        );
        Assert.NotNull(document);
        Expect.None(
            "What breaks the specification",
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
            "Operations without an id of their own",
            operations
                .GroupBy(o => o.Value.OperationId)
                .Where(g => g.Key is null || g.Count() > 1)
                .SelectMany(g => g)
                .Select(o => o.Name)
        );

        bool Says(OpenApiOperation operation, int status) => operation.Responses!.ContainsKey($"{status}");
        Expect.None(
            "Operations with a key that do not say what happens without one, or when something is away",
            operations
                .Where(o => o.Value.Security is { Count: > 0 } && !(Says(o.Value, 401) && Says(o.Value, 503)))
                .Select(o => o.Name)
        );
        Expect.None(
            "Operations with a body that do not say what happens to a bad or a large one",
            operations
                .Where(o => o.Value.RequestBody is not null && !(Says(o.Value, 400) && Says(o.Value, 413)))
                .Select(o => o.Name)
        );
        static bool Shows(IDictionary<string, OpenApiMediaType>? content) =>
            content?.TryGetValue("application/json", out var json) != true || json?.Example is not null;
        Expect.None(
            "Operations that do not show an example of the JSON that they take",
            operations.Where(o => !Shows(o.Value.RequestBody?.Content)).Select(o => o.Name)
        );
        Expect.None(
            "Operations that do not show an example of the JSON that they give",
            operations
                .Where(o => o.Value.Responses!.Any(r => r.Key.StartsWith('2') && !Shows(r.Value.Content)))
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

    /// <summary>The service takes what the document shows: each example of a body that can be sent without more is answered well.</summary>
    public static async Task AssertExamplesAsync(HttpClient client)
    {
        var paths = JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))![
            "paths"
        ]!.AsObject();
        var refused = new List<string>();
        var examples = paths
            .Where(p => !p.Key.Contains('{', StringComparison.Ordinal))
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

        Expect.None("Examples that are not taken", refused);
    }

    // The same document whatever the line ends and the order of its members happen to be where it is made.
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
        return $"line {line + 1}\n  committed: {a.ElementAtOrDefault(line)?.Trim()}\n  served:    {b.ElementAtOrDefault(line)?.Trim()}";
    }
}
