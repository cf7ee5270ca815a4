using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Configuration;

/// <summary>Names settings that no option has, e.g. a misspelled one.</summary>
internal sealed class UnknownSettingsValidator<TOptions>(IConfigurationSection section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var unknown = FindUnknown(section, typeof(TOptions)).ToList();
        return unknown.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(unknown.Select(path => $"{path} is not a known setting."));
    }

    private static IEnumerable<string> FindUnknown(IConfigurationSection section, Type type)
    {
        foreach (var setting in section.GetChildren())
        {
            var property = type.GetProperties()
                .FirstOrDefault(p => p.CanWrite && p.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                yield return setting.Path;
            }
            else if (property.PropertyType is { IsClass: true, Namespace: { } ns } nested && !ns.StartsWith("System"))
            {
                foreach (var path in FindUnknown(setting, nested))
                {
                    yield return path;
                }
            }
        }
    }
}
