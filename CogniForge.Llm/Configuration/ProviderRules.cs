using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>Validates the configured models of a provider and its differences from OpenAI.</summary>
internal static class ProviderRules
{
    private const int MaxFields = 100;
    private const int MaxName = 100;

    private const string OutputLimitRule =
        $"must be one of {OutputLimitField.MaxTokens}, {OutputLimitField.MaxCompletionTokens}";

    // The gateway needs these itself.
    private static readonly string[] _reserved = ["model", "messages", "stream", "messages.content"];

    public static IEnumerable<FieldError> Validate(ModelProfile? model, string path)
    {
        if (model is null)
        {
            yield return new(path, "must be an object");
            yield break;
        }

        if (!ConfigNames.IsModel(model.Model))
        {
            yield return new($"{path}.model", ConfigNames.ModelRule);
        }

        if (model.MaxOutputTokens < 1)
        {
            yield return new($"{path}.maxOutputTokens", "must be 1 or more");
        }

        if (!IsOutputLimit(model.OutputLimit))
        {
            yield return new($"{path}.outputLimit", OutputLimitRule);
        }

        foreach (
            var error in ValidateFields(model.Fields?.Keys ?? [], $"{path}.fields")
                .Concat(ValidateValues(model.Values, $"{path}.values"))
                .Concat(ValidateFields(model.ThinkingOff?.Keys ?? [], $"{path}.thinkingOff"))
                .Concat(ValidateFields(model.ThinkingOn?.Keys ?? [], $"{path}.thinkingOn"))
                .Concat(ValidateFields(model.WithTools?.Keys ?? [], $"{path}.withTools"))
                .Concat(ValidateFields(model.ToolHistory?.Keys ?? [], $"{path}.toolHistory"))
                .Concat(ValidateValues(model.WhileThinking, $"{path}.whileThinking"))
        )
        {
            yield return error;
        }
    }

    public static IEnumerable<FieldError> Validate(ProviderQuirks? quirks)
    {
        if (!IsOutputLimit(quirks?.OutputLimit))
        {
            yield return new("quirks.outputLimit", OutputLimitRule);
        }

        if (quirks?.ToolCallIdLength is < 4 or > 40)
        {
            yield return new("quirks.toolCallIdLength", "must be 4 to 40");
        }

        foreach (
            var error in ValidateFields(quirks?.Fields?.Keys ?? [], "quirks.fields")
                .Concat(ValidateValues(quirks?.Values, "quirks.values"))
                .Concat(ValidateFields(quirks?.ThinkingOff?.Keys ?? [], "quirks.thinkingOff"))
        )
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> ValidateValues(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>>? values,
        string path
    )
    {
        IEnumerable<FieldError> errors = values?.Values.Any(v => v is null) == true
            ? [new(path, "must have an object for each field")]
            : [];
        return errors.Concat(ValidateFields(values?.Keys ?? [], path));
    }

    private static bool IsOutputLimit(string? name) =>
        name is null or OutputLimitField.MaxTokens or OutputLimitField.MaxCompletionTokens;

    private static IEnumerable<FieldError> ValidateFields(IEnumerable<string> names, string path)
    {
        var all = names.ToList();
        if (all.Count > MaxFields)
        {
            yield return new(path, $"must have at most {MaxFields} fields");
        }

        foreach (var name in all.Where(n => n.Length is 0 or > MaxName || _reserved.Contains(n)))
        {
            yield return new(
                path,
                $"must name fields of 1 to {MaxName} characters, none of {string.Join(", ", _reserved)}"
            );
            yield break;
        }
    }
}
