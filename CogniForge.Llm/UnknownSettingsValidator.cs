using Microsoft.Extensions.Options;

namespace CogniForge.Llm;

/// <summary>Names settings that no option has, e.g. a misspelled one.</summary>
internal sealed class UnknownSettingsValidator<TOptions>(IConfigurationSection section) : IValidateOptions<TOptions>
    where TOptions : class
{
    private static readonly HashSet<string> _known = typeof(TOptions)
        .GetProperties()
        .Where(p => p.CanWrite)
        .Select(p => p.Name)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var unknown = section.GetChildren().Where(s => !_known.Contains(s.Key)).ToList();
        return unknown.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(unknown.Select(s => $"{s.Path} is not a known setting."));
    }
}
