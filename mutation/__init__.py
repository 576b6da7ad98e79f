"""Mutation tests: small defects are planted in decisions and scoring, one at a time, and the tests of the module must fail.

Read in this order: operators (which defects), mutants (the sample, and how one is planted), session (tests in forks), command, report.
"""
