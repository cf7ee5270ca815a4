using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CogniForge.Llm.Domain;
using CogniForge.Llm.Domain.Protocols;
using CogniForge.Llm.Domain.Routing;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Application.Settings;

/// <summary>A route as it is set up.</summary>
/// <param name="Targets">Who answers: 1 to 100.</param>
/// <param name="Aliases">Other names, up to 100. Default: none.</param>
/// <param name="Defaults">Fields of the body that a request gets when it does not set them, e.g. <c>temperature</c>. Default: none.</param>
/// <param name="MaxOutputTokens">The most output tokens, 1 or more; a request that asks for more, or does not say, gets this. Default: no limit.</param>
/// <param name="Timeouts">How long to wait. Default: the gateway's own.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RouteDocument(
    IReadOnlyList<TargetDocument?>? Targets,
    IReadOnlyList<string?>? Aliases = null,
    JsonElement? Defaults = null,
    int? MaxOutputTokens = null,
    TimeoutsDocument? Timeouts = null)
{
    private const int Most = 100;

    // What the gateway decides itself, or must know of a request before it goes out.
    private static readonly string[] _reserved = ["model", "messages", "input", "stream", "stream_options", "n", "max_tokens", "max_completion_tokens", "max_output_tokens"];

    /// <summary>The rules that the document breaks by itself.</summary>
    public IEnumerable<FieldError> Check(string name)
    {
        if (!Names.IsModel(name))
        {
            yield return new("name", Names.ModelRule);
        }

        if (Targets is not { Count: >= 1 and <= Most })
        {
            yield return new("targets", $"must have 1 to {Most} targets");
        }

        foreach (var error in (Targets ?? []).SelectMany((t, i) => t is null ? [new($"targets[{i}]", "must be an object")] : t.Check($"targets[{i}]")))
        {
            yield return error;
        }

        foreach (var error in CheckAliases(name))
        {
            yield return error;
        }

        foreach (var error in CheckDefaults())
        {
            yield return error;
        }

        if (MaxOutputTokens < 1)
        {
            yield return new("maxOutputTokens", "must be 1 or more");
        }

        foreach (var error in Timeouts?.Check() ?? [])
        {
            yield return error;
        }
    }

    /// <summary>The route. The document has been checked.</summary>
    public ModelRoute ToRoute(string name) =>
        new(name, [.. Targets!.Select(t => new Target(t!.Provider!, t.Model!, t.Order, t.Weight ?? 1))])
        {
            Aliases = [.. (Aliases ?? []).OfType<string>()],
            Defaults = ReadDefaults(),
            MaxOutputTokens = MaxOutputTokens,
            Timeouts = Timeouts?.ToTimeouts(),
            Origin = Origin.Api,
        };

    private JsonObject? ReadDefaults() => Defaults is { } defaults ? StrictJson.Parse(JsonMarshal.GetRawUtf8Value(defaults)) : null;

    private IEnumerable<FieldError> CheckDefaults()
    {
        JsonObject? defaults;
        try
        {
            defaults = ReadDefaults();
        }
        catch (JsonException)
        {
            return [new("defaults", "must be an object, without duplicate names, of valid Unicode")];
        }

        return _reserved.Where(f => defaults?.ContainsKey(f) == true).Select(f =>
            new FieldError($"defaults.{f}", $"cannot be a default{(f.StartsWith("max_", StringComparison.Ordinal) ? "; use maxOutputTokens" : "")}"));
    }

    private IEnumerable<FieldError> CheckAliases(string name)
    {
        if (Aliases?.Count > Most)
        {
            yield return new("aliases", $"must have at most {Most} names");
        }

        foreach (var (i, alias) in (Aliases ?? []).Index())
        {
            if (!Names.IsModel(alias))
            {
                yield return new($"aliases[{i}]", Names.ModelRule);
            }
            else if (alias == name || Aliases!.Take(i).Contains(alias))
            {
                yield return new($"aliases[{i}]", "must be a name that the route does not have already");
            }
        }
    }
}

/// <summary>One of a route's answerers.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model's name there; <c>*</c> stands for what the route's own <c>*</c> stood for, or else for the name asked for.</param>
/// <param name="Order">The lowest is asked first, 0 to 1000; the targets of one order share the requests. Default: the place in the list.</param>
/// <param name="Weight">The share among targets of the same order, above 0, up to 1,000,000. Default: 1.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TargetDocument(string? Provider, string? Model, int? Order = null, double? Weight = null)
{
    /// <summary>The rules that the target breaks by itself.</summary>
    public IEnumerable<FieldError> Check(string path)
    {
        if (!Names.IsProvider(Provider))
        {
            yield return new($"{path}.provider", Names.ProviderRule);
        }

        if (!Names.IsModel(Model))
        {
            yield return new($"{path}.model", Names.ModelRule);
        }

        if (Order is < 0 or > 1000)
        {
            yield return new($"{path}.order", "must be 0 to 1000");
        }

        if (Weight is not (null or (> 0 and <= 1_000_000)))
        {
            yield return new($"{path}.weight", "must be above 0, up to 1000000");
        }
    }
}

/// <summary>How long the gateway waits for a target, in milliseconds, each 1 to 3,600,000.</summary>
/// <param name="FirstTokenMs">Streams: for the first part of the answer. Default: 10,000.</param>
/// <param name="SilenceMs">Streams: between two parts. Default: 20,000.</param>
/// <param name="AnswerMs">Not streamed: for the whole answer of one attempt. Default: 60,000.</param>
/// <param name="TotalMs">For everything, with retries and fall-back. Default: 600,000.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TimeoutsDocument(int? FirstTokenMs = null, int? SilenceMs = null, int? AnswerMs = null, int? TotalMs = null)
{
    private const int Most = 3_600_000;

    /// <summary>The document of a route's time-outs.</summary>
    public static TimeoutsDocument? Of(Timeouts? timeouts) =>
        timeouts is null ? null : new(Milliseconds(timeouts.FirstToken), Milliseconds(timeouts.Silence), Milliseconds(timeouts.Answer), Milliseconds(timeouts.Total));

    /// <summary>The rules that the time-outs break.</summary>
    public IEnumerable<FieldError> Check() =>
        new[] { ("firstTokenMs", FirstTokenMs), ("silenceMs", SilenceMs), ("answerMs", AnswerMs), ("totalMs", TotalMs) }
            .Where(t => t.Item2 is < 1 or > Most).Select(t => new FieldError($"timeouts.{t.Item1}", $"must be 1 to {Most}"));

    /// <summary>The time-outs.</summary>
    public Timeouts ToTimeouts() => new(Time(FirstTokenMs), Time(SilenceMs), Time(AnswerMs), Time(TotalMs));

    private static TimeSpan? Time(int? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static int? Milliseconds(TimeSpan? time) => time is { } t ? (int)Math.Min(t.TotalMilliseconds, int.MaxValue) : null;
}
