using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Configuration;

/// <summary>Names unknown settings, and values that break the rule of theirs.</summary>
internal sealed class SettingsValidator<TOptions>(IConfigurationSection section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<string> errors =
        [
            .. SettingRules.FindUnknown(section, typeof(TOptions)),
            .. SettingRules.FindBroken(section.Path, options),
        ];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
