"""Signing a repayment plan (还款方案) and handing in papers, behind a plan's link: what is shown, in what order."""
