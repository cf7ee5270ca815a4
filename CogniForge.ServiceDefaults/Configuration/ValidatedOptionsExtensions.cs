using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Configuration;

/// <summary>Options whose invalid values and unknown settings end the start.</summary>
public static class ValidatedOptionsExtensions
{
    /// <summary>Binds options to a section; invalid values and unknown settings end the start.</summary>
    /// <typeparam name="TOptions">The options, validated by their ranges and as validatable objects.</typeparam>
    /// <param name="services">The service's registrations.</param>
    /// <param name="section">The configuration section.</param>
    public static OptionsBuilder<TOptions> AddValidatedOptions<TOptions>(
        this IServiceCollection services,
        string section
    )
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new SettingsValidator<TOptions>(
            provider.GetRequiredService<IConfiguration>().GetSection(section)
        ));
        return services
            .AddOptionsWithValidateOnStart<TOptions>()
            .Configure<IConfiguration>((_, configuration) => ThrowIfUnreadable<TOptions>(configuration, section))
            .BindConfiguration(section);
    }

    /// <summary>Reads options while the service is composed; they are validated at its start.</summary>
    /// <param name="configuration">The service's configuration.</param>
    /// <param name="section">The configuration section.</param>
    /// <exception cref="OptionsValidationException">A value is not of the type of its option.</exception>
    internal static TOptions ReadOptions<TOptions>(this IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        ThrowIfUnreadable<TOptions>(configuration, section);
        return configuration.GetSection(section).Get<TOptions>() ?? new();
    }

    // The binder's own error names neither the rule nor more than one setting.
    private static void ThrowIfUnreadable<TOptions>(IConfiguration configuration, string section)
    {
        List<string> errors = [.. SettingRules.FindUnreadable(configuration.GetSection(section), typeof(TOptions))];
        if (errors.Count > 0)
        {
            throw new OptionsValidationException(section, typeof(TOptions), errors);
        }
    }
}
